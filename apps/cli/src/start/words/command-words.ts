// Words that are commands elsewhere: in git, npm, docker, gh, llm, ollama and other makers of pictures. Whoever types one wants no
// picture of it. Beside each, what it is nearly here, as one types it after `anyimage`; '' for nothing.

const history = 'history';
const info = 'info FILE';
const open = 'open FILE';
const make = 'make "PROMPT"';
const edit = 'edit FILE "PROMPT"';
const again = 'again FILE';
const remove = 'rm FILE';
const key = 'keys set PROVIDER';
const config = 'config set KEY VALUE';
const use = 'use MODEL';
const plugin = 'plugins add PLUGIN';
const jobs = 'jobs';
const money = 'stats';
const emulate = 'emulate SERVICE';

/** Commands whatever follows them: no prompt begins so. */
export const commandWords: Readonly<Record<string, string>> = {
  ...all(history, 'list', 'ls', 'll', 'dir', 'hist'),
  ...all(info, 'show', 'inspect', 'metadata', 'identify', 'exif'),
  ...all(open, 'open'),
  ...all(make, 'generate', 'gen', 'create', 'draw', 'txt2img', 'text2img', 'text-to-image', 't2i'),
  ...all(edit, 'edit', 'edits', 'inpaint', 'outpaint', 'uncrop', 'upscale', 'enlarge', 'colorize', 'colourize'),
  ...all(edit, 'img2img', 'image-to-image', 'i2i', 'variations', 'vary', 'remix', 'restyle', 'retouch', 'removebg'),
  ...all(edit, 'remove-bg', 'remove-background', 'replace-background', 'background-remove', 'rembg', 'clipboard'),
  ...all('compare "PROMPT"', 'compare'),
  ...all('batch FILE', 'batch', 'bulk'),
  ...all('diff FILE FILE', 'diff'),
  ...all(again, 'rerun', 'redo', 'regenerate', 'repeat', 'replay'),
  ...all(remove, 'rm', 'del', 'delete', 'undelete'),
  ...all(money, 'stats', 'usage', 'billing', 'quota', 'pricing', 'prices'),
  ...all(key, 'login', 'signin', 'sign-in', 'auth', 'authenticate', 'apikey', 'api-key', 'api-keys'),
  ...all('keys remove PROVIDER', 'logout', 'signout', 'sign-out', 'revoke'),
  ...all('keys list', 'whoami'),
  ...all('init', 'init', 'setup', 'set-up', 'onboard', 'quickstart', 'bootstrap', 'getting-started'),
  ...all(
    config,
    'set',
    'get',
    'unset',
    'configure',
    'configuration',
    'settings',
    'preferences',
    'prefs',
    'cfg',
    'conf',
  ),
  ...all('config explain', 'env', 'printenv'),
  ...all(use, 'switch', 'select', 'set-model', 'profiles', 'alias', 'aliases'),
  ...all(plugin, 'install', 'addon', 'addons', 'extensions'),
  ...all('plugins remove PLUGIN', 'uninstall'),
  ...all('models update', 'update', 'upgrade', 'self-update', 'selfupdate'),
  ...all('models --refresh', 'refresh', 'sync', 'discover'),
  ...all(jobs, 'ps', 'status', 'tasks', 'pending', 'attach'),
  ...all('jobs resume', 'resume', 'retry', 'fetch', 'download'),
  ...all('jobs cancel TICKET', 'cancel', 'abort'),
  ...all('doctor', 'verify', 'validate', 'diagnose', 'diagnostics', 'lint', 'ping'),
  ...all(emulate, 'serve', 'listen', 'simulate'),
  ...all('trust', 'untrust'),
  ...all('help', 'help', '?', '/?', '/h', '/help', 'docs', 'commands'),
  ...all('version', 'version', 'ver', 'versions', 'changelog'),
  ...all('completion bash', 'completion', 'completions', 'autocomplete', 'complete', 'shell-completion'),
  ...all('', 'run', 'exec', 'execute', 'restart', 'eval', 'deploy', 'publish', 'upload', 'export', 'import', 'copy'),
  ...all('', 'cp', 'mv', 'rename', 'mkdir', 'cd', 'pwd', 'grep', 'find', 'unlink', 'mcp', 'embed', 'embeddings'),
  ...all('', 'schemas', 'quit', 'rollback', 'migrate', 'sudo', 'npx', 'npm', 'git', 'gc', 'cleanup', 'anyimage'),
  ...all('', 'anyimage-mcp', 'anyimage-gateway', 'gateway'),
};

/** Commands, too, but a prompt of several words may begin so: "remove the car", "view of the sea". */
export const doubtfulWords: Readonly<Record<string, string>> = {
  ...all(history, 'search', 'log', 'logs', 'images', 'pictures', 'library', 'files', 'browse', 'recent', 'tags'),
  ...all(info, 'describe', 'caption', 'explain', 'details', 'stat'),
  ...all(open, 'view', 'preview', 'display', 'gallery'),
  ...all('open last', 'last', 'latest', 'previous'),
  ...all(make, 'image', 'picture', 'new', 'imagine', 'render', 'sample', 'prompt'),
  ...all(edit, 'variation', 'recolor', 'replace', 'erase', 'extend', 'expand', 'crop', 'resize', 'convert', 'enhance'),
  ...all(edit, 'restore', 'blend', 'mask', 'rotate', 'flip', 'blur', 'compress', 'sharpen', 'scale', 'paste'),
  ...all('compare "PROMPT"', 'collage'),
  ...all('make "PROMPT" --seed NUMBER', 'seed'),
  ...all('make "PROMPT" --size 1024x1024', 'size'),
  ...all(remove, 'remove', 'clear', 'clean', 'purge', 'prune', 'reset', 'undo', 'forget', 'drop', 'trash'),
  ...all(money, 'cost', 'costs', 'price', 'balance', 'budget', 'credit', 'credits', 'spend', 'spending', 'limits'),
  ...all(key, 'key', 'account', 'token', 'tokens'),
  ...all(use, 'choose', 'change', 'default', 'profile'),
  ...all(plugin, 'add', 'extension'),
  ...all('styles', 'preset', 'presets', 'template', 'templates'),
  ...all(jobs, 'job', 'queue', 'tickets', 'wait', 'watch', 'follow', 'worker', 'kill', 'stop', 'recover', 'pull'),
  ...all('doctor', 'check', 'health', 'debug', 'test', 'tests', 'report', 'feedback', 'issue', 'bug'),
  ...all(emulate, 'server', 'daemon', 'mock', 'proxy', 'start', 'emulator'),
  ...all('help', 'man', 'manual', 'doc', 'tutorial', 'examples', 'about', 'options', '帮助'),
  ...all('history', '历史'),
  ...all('models', '模型'),
  ...all('config', '配置', '设置'),
  ...all('batch FILE', '批量'),
  ...all('version', '版本'),
  ...all('keys', '密钥'),
  ...all('', 'cache', 'backup', 'save', 'share', 'send', 'translate', 'project', 'workspace', 'allow', 'environment'),
  ...all('', 'json', 'verbose', 'register', 'enable', 'disable', 'reload', 'tail', 'ticket', '登录', '更新', '安装'),
  ...all('', 'link', 'api', 'chat', 'ask', 'echo', 'exit', 'schema', 'build', 'push', 'release', 'clone', 'commit'),
};

function all(meant: string, ...words: readonly string[]): Record<string, string> {
  return Object.fromEntries(words.map((word) => [word, meant]));
}
