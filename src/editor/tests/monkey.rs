use std::fmt::Write as _;

use super::*;
use crate::compile::compile;
use crate::editor::action::WORDS;

/// How many actions there are in all.
const ACTIONS: usize = 100_000;

/// How many of them are done on one configuration before it is judged.
const AT_ONCE: usize = 500;

/// Numbers without an order, the same in each run of the tests.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }

    fn of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }
}

const TYPES: [&str; 12] = [
    "string", "number", "oui/non", "ip", "netmask", "port", "domain", "mail", "password", "filename", "date",
    "boolean",
];

const TEXTS: [&str; 14] = [
    "",
    "0",
    "3",
    "12",
    "oui",
    "non",
    "192.0.2.1",
    "255.255.255.0",
    "a b",
    "é…\u{202e}x",
    "/srv",
    "x@example.org",
    "True",
    "2026-03-29",
];

/// A dictionary that nobody would write: variables of any type, groups, lists, conditions, a number of families.
fn dictionary(dice: &mut Dice) -> String {
    let (mut variables, mut constraints) = (String::new(), String::new());
    let count = 3 + dice.below(12);
    for number in 0..count {
        let kind = dice.of(&TYPES);
        let more = dice.of(&[
            "",
            " mandatory='True'",
            " multi='True'",
            " mode='expert'",
            " hidden='True'",
            " auto_save='True'",
        ]);
        let _ = write!(variables, "<variable name='v{number}' type='{kind}'{more}/>");
    }
    variables += "<variable name='maitre' multi='True'/><variable name='esclave' type='port'/>";
    constraints += "<group master='maitre'><slave>esclave</slave></group>";
    for _ in 0..dice.below(4) {
        let (from, to) = (dice.below(count), dice.below(count));
        let name = dice.of(&[
            "disabled_if_in",
            "hidden_if_in",
            "frozen_if_in",
            "mandatory_if_in",
            "disabled_if_not_in",
        ]);
        if from < to {
            let _ = write!(
                constraints,
                "<condition name='{name}' source='v{from}'><param>oui</param><target>v{to}</target></condition>"
            );
        }
    }
    let numbered = "<family name='Repetee-X' numbered='combien'><variable name='repX_nom' mandatory='True'/>\
                    <variable name='repX_liste' multi='True' type='number'/></family>";
    format!(
        "<creole><variables><family name='tout'><variable name='combien' type='number'><value>1</value></variable>{variables}\
         </family>{numbered}</variables><constraints>{constraints}</constraints></creole>"
    )
}

fn script(dice: &mut Dice) -> String {
    let mut script = String::new();
    for _ in 0..AT_ONCE {
        match dice.below(10) {
            0..=2 => drop(writeln!(script, "type {}", dice.of(&TEXTS))),
            3 => {
                let _ = writeln!(
                    script,
                    "goto {}",
                    dice.of(&["v0", "v1", "v2", "combien", "maitre", "esclave", "rep1_nom", "rep2_liste"])
                );
            }
            4 => script += "enter\n",
            5 => drop(writeln!(script, "size {} {}\nscreen", 1 + dice.below(140), 1 + dice.below(50))),
            _ => {
                let (word, _) = WORDS[dice.below(WORDS.len())].clone();
                let _ = writeln!(script, "{word}");
            }
        }
    }
    script
}

#[test]
fn whatever_is_done_nothing_breaks_and_what_is_called_right_is_right() {
    let mut dice = Dice(7);
    let mut accepted = 0;
    for round in 0..ACTIONS / AT_ONCE {
        let world = Memory::from_iter([("/dicos/10_a.xml", dictionary(&mut dice))]);
        let dictionaries = dictionaries(&[Place::Folder("/dicos".into())], &world);
        let script = script(&mut dice);
        let (_, saved) = play(&dictionaries, Saved::empty(), &script);
        // What was saved is read again as it is, and the editor and `check` are of one mind.
        let (mut sources, mut findings) = (Sources::default(), Findings::default());
        let text = saved.to_text();
        let file = sources.add("config.eol", text.as_str());
        let again = crate::config_eol::parse(&text, file, &mut findings).expect("what is written is read");
        let library = Functions::default();
        let compiled = compile(&dictionaries, &again, &library).expect("it links");
        let schema = linked(&dictionaries, &again, &library).expect("it links");
        let model = Model::new(&schema, Work::new(again, None), &library);
        let is_right = model.faulty().next().is_none();
        let is_accepted = !compiled.wrong.has_errors() && compiled.missing.is_empty();
        assert_eq!(
            is_right,
            is_accepted,
            "round {round}: {:?} {:?}",
            compiled.wrong.codes(),
            compiled.missing.codes()
        );
        accepted += usize::from(is_accepted);
    }
    assert!(accepted > 0, "no configuration was ever right");
}
