#compdef galerne CreoleGet CreoleSet CreoleCat CreoleLint instance reconfigure diagnose genconfig gen_config
# galerne: completion for zsh (galerne completions zsh)
_galerne() {
    local value means
    local -a open whole
    galerne complete -- "${(@)words[1,CURRENT]}" 2>/dev/null | while IFS=$'\t' read -r value means; do
        case $value in
            *[=/]) open+=("${value//:/\\:}:$means") ;;
            *) whole+=("${value//:/\\:}:$means") ;;
        esac
    done
    _describe -t whole galerne whole
    _describe -t open galerne open -S ''
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _galerne "$@"
else
    compdef _galerne galerne CreoleGet CreoleSet CreoleCat CreoleLint instance reconfigure diagnose genconfig gen_config
fi
