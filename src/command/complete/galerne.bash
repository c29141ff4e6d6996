# galerne: completion for bash (galerne completions bash)
_galerne() {
    local line=${COMP_LINE:0:COMP_POINT} current cut value
    local -a typed
    # By blanks alone: readline parts words at "=" and ":" too, which galerne does not.
    IFS=$' \t' read -ra typed <<<"$line"
    [[ $line == *[[:blank:]] ]] && typed+=("")
    current=${typed[${#typed[@]} - 1]}
    # What stands before readline's own last cut stays on the line.
    cut=${current%"${current##*[$COMP_WORDBREAKS]}"}
    COMPREPLY=()
    while IFS=$'\t' read -r value _; do
        COMPREPLY+=("${value#"$cut"}")
    done < <(galerne complete -- "${typed[@]}" 2>/dev/null)
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/] ]] && compopt -o nospace
    return 0
} && complete -F _galerne galerne CreoleGet CreoleSet CreoleCat CreoleLint instance reconfigure diagnose genconfig gen_config
