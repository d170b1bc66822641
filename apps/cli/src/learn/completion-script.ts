// What a shell is told, once: to ask `anyimage __complete` for what may be typed.

export type Shell = 'bash' | 'zsh' | 'fish' | 'powershell';

/** The script of a shell, without its last line break. */
export function completionScript(shell: Shell): string {
  return scripts[shell];
}

/** bash hands over the line, since it parts words at signs of its own; the others hand over the words, `=` before the one that is typed. */
const scripts: Readonly<Record<Shell, string>> = {
  bash: String.raw`# completion of anyimage for bash; written by: anyimage completion bash
_anyimage() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
    anyimage __complete bash "\${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null
  )
  if [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *[=/] ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -o default -o bashdefault -F _anyimage anyimage`.replaceAll('\\$', '$'),
  zsh: String.raw`#compdef anyimage
# completion of anyimage for zsh; written by: anyimage completion zsh
_anyimage() {
  local -a found
  found=("\${(@f)$(anyimage __complete zsh "=$PREFIX" "\${(@Q)words[2,CURRENT-1]}" 2>/dev/null)}")
  if [[ -z "$found[1]" ]]; then _files; else _describe -t values anyimage found; fi
}
if [[ "$funcstack[1]" == _anyimage ]]; then _anyimage "$@"; else compdef _anyimage anyimage; fi`.replaceAll('\\$', '$'),
  fish: String.raw`# completion of anyimage for fish; written by: anyimage completion fish
function __anyimage_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l token (commandline -ct)
    set -l found (anyimage __complete fish "=$token" $words 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path "$token"
    end
end
complete -c anyimage -f -a '(__anyimage_complete)'`,
  powershell: String.raw`# completion of anyimage for PowerShell; written by: anyimage completion powershell
Register-ArgumentCompleter -Native -CommandName anyimage -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
    ForEach-Object { if ($_.Value) { $_.Value } else { $_.ToString() } })
  anyimage __complete powershell "=$wordToComplete" @words 2>$null | ForEach-Object {
    $value, $about = $_ -split "\`t", 2
    if (-not $about) { $about = $value }
    [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
  }
}`.replaceAll('\\`', '`'),
};
