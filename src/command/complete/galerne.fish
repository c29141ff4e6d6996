# galerne: completion for fish (galerne completions fish)
function __galerne_complete
    galerne complete -- (commandline --tokenize --cut-at-cursor --current-process) (commandline --current-token --cut-at-cursor) 2>/dev/null
end
for name in galerne CreoleGet CreoleSet CreoleCat CreoleLint instance reconfigure diagnose genconfig gen_config
    complete --command $name --no-files --arguments '(__galerne_complete)'
end
