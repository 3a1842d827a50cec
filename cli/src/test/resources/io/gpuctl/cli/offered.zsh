# Prints what zsh offers after TAB, a line for each word: zsh -f offered.zsh FOLDER WORDS
# zsh completes only in a terminal, so its module zpty provides one. FOLDER contains _gpuctl.
zmodload zsh/zpty
zpty terminal zsh -f -i
zpty -w terminal "PS1= fpath=(${(q)1} \$fpath); autoload -U compinit; compinit -u -D; zstyle ':completion:*' insert-tab false"
zpty -w terminal 'compadd() { local -a some; builtin compadd -O some "$@"; offered+=("${some[@]}"); builtin compadd "$@" }
offer() { typeset -ga offered=(); zle offer-words; print -r -- "OFFERED<${(j:|:)offered}>END" }
zle -C offer-words complete-word _main_complete; zle -N offer; bindkey "^I" offer; print -r REA""DY'
zpty -r terminal output '*READY*'
zpty -n -w terminal "$2"$'\t'
zpty -r terminal output '*>END*'
print -l -- ${(s:|:)${${output##*OFFERED<}%%>END*}}
zpty -d terminal
