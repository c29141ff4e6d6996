# galerne: completion for fish (galerne completions fish)
function __galerne_complete
    galerne complete -- (commandline --tokenize --cut-at-cursor --current-process) (commandline --current-token --cut-at-cursor) 2>/dev/null
end
complete --command galerne --no-files --arguments '(__galerne_complete)'
