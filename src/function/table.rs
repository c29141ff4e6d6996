//! Every function of the dialect by its name.

use super::{Arguments, FunctionError, Patterns, Surroundings};
use super::{address, calculation, check, multi_condition};
use crate::value::Value;

/// What a function does with its arguments.
#[derive(Clone, Copy)]
pub(super) enum Body {
    /// It makes a value.
    Calculation(Calculation),
    /// It judges the value that comes first.
    Check(fn(&Value, &Arguments, &Patterns) -> Result<(), FunctionError>),
}

/// A function that makes a value.
pub(super) type Calculation = fn(&Arguments, &dyn Surroundings) -> Result<Value, FunctionError>;

/// Every function by its name.
pub(super) const TABLE: &[(&str, Body)] = {
    use Body::{Calculation, Check};
    &[
        ("auto_broadcast", Calculation(address::auto_broadcast)),
        ("auto_defaultgw_ip", Calculation(address::auto_gateway)),
        ("auto_dns", Calculation(address::auto_dns)),
        ("auto_eth", Calculation(address::auto_address)),
        ("auto_netmask", Calculation(address::auto_netmask)),
        ("auto_network", Calculation(address::auto_network)),
        ("calc_broadcast", Calculation(address::broadcast)),
        ("calc_classe", Calculation(address::prefix_length)),
        ("calc_container", Calculation(calculation::container)),
        ("calc_libelle_annuaire", Calculation(calculation::directory_label)),
        ("calc_multi_condition", Calculation(multi_condition::multi_condition)),
        ("calc_multi_val", Calculation(calculation::multi_val)),
        ("calc_network", Calculation(address::network)),
        ("calc_or_auto_broadcast", Calculation(address::broadcast_or_auto)),
        ("calc_or_auto_network", Calculation(address::network_or_auto)),
        ("calc_val", Calculation(calculation::val)),
        ("calc_val_first_value", Calculation(calculation::first_value)),
        ("cdrom_minormajor", Calculation(calculation::device_numbers)),
        ("concat", Calculation(calculation::concat)),
        ("concat_path", Calculation(calculation::concat_path)),
        ("device_type", Calculation(calculation::device_type)),
        ("extract_ad_dc_value", Calculation(calculation::directory_part)),
        ("gen_random", Calculation(calculation::random_text)),
        ("get_net_device", Calculation(calculation::net_device)),
        ("get_version", Calculation(calculation::version)),
        ("is_instanciate", Calculation(calculation::is_instanciated)),
        ("list_files", Calculation(calculation::list_files)),
        ("list_len_gt", Calculation(multi_condition::longer_than)),
        ("random_int", Calculation(calculation::random_number)),
        ("check_name_uniq", Check(check::unique_name)),
        ("valid_addr_ip_or_domain", Check(check::address_or_domain)),
        ("valid_broadcast", Check(address::is_broadcast)),
        ("valid_country", Check(check::country)),
        ("valid_differ", Check(check::differ)),
        ("valid_entier", Check(check::integer)),
        ("valid_enum", Check(check::one_of)),
        ("valid_in_network", Check(address::is_in_network)),
        ("valid_ip", Check(check::address)),
        ("valid_ip_netmask", Check(address::fits_netmask)),
        ("valid_ipnetmask", Check(address::fits_netmask)),
        ("valid_len", Check(check::length)),
        ("valid_lower", Check(check::lower)),
        ("valid_name", Check(check::name)),
        ("valid_network_netmask", Check(address::is_network_of)),
        ("valid_networknetmask", Check(address::is_network_of)),
        ("valid_regexp", Check(check::pattern)),
    ]
};
