// Writes docs/table-words.md, every word of a capability table and every field of a call, from the comments of the contract.
// --check fails if the page is stale, or if a word has no comment.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { root } from './run.mjs';

const page = join(root, 'docs', 'table-words.md');
const contract = 'packages/core/src/contract';
/** What is explained, from where: each type with those that it names. What no other names comes last. */
const chapters = [
  { title: 'The table', file: `${contract}/capabilities.ts`, first: ['ModelCapabilities'] },
  {
    title: 'The provider and its calls',
    file: `${contract}/provider.ts`,
    first: ['ProviderDefinition', 'ProviderFunctions', 'ProviderCall', 'CallContext', 'ProviderResult', 'JobApi'],
  },
];

const problems = [];
const texts = chapters.map(({ file, ...chapter }) => ({ ...chapter, file, types: typesOf(file) }));
const all = new Set(texts.flatMap(({ types }) => [...types.keys()]));
const text = `# The words of a table, and the fields of a call

What stands in a provider's \`capabilities.ts\`, and what its functions get and give. Written by \`node scripts/words-doc.mjs\` from the comments of the
contract. Do not edit. A question mark stands behind what may be left out.
${texts.map(chapter).join('')}`;

if (!process.argv.includes('--check')) writeFileSync(page, text);
else if (!existsSync(page) || readFileSync(page, 'utf8') !== text) {
  problems.push('docs/table-words.md is stale: node scripts/words-doc.mjs');
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length ? 1 : 0;

/** The exported types of a file, by name: what is said of each, its text where it has no members, and its members. */
function typesOf(file) {
  const code = readFileSync(join(root, file), 'utf8');
  const { program, comments } = parseSync(file, code);
  const exported = program.body.flatMap((node) => {
    const type = node.type === 'ExportNamedDeclaration' ? node.declaration : undefined;
    return /^TS(Interface|TypeAlias)Declaration$/.test(type?.type) ? [{ node, type }] : [];
  });
  return new Map(exported.map(({ node, type }) => [type.id.name, readType(node, type)]));

  function readType(node, { id, body, typeAnnotation, extends: bases = [] }) {
    const members = membersIn(body ?? typeAnnotation, id.name, '');
    const says = commentBefore(node);
    if (!says && !members.length) problems.push(`${file}: ${id.name} has no comment`);
    const also = bases.map(({ expression }) => expression.name);
    return { says, also, members, text: members.length ? undefined : plain(typeAnnotation) };
  }

  /** The members of every object in a type, those within members behind them. */
  function membersIn(type, owner, prefix) {
    return objectsIn(type).flatMap(({ members, body }) =>
      (members ?? body).flatMap((member) => {
        if (member.type !== 'TSPropertySignature' && member.type !== 'TSMethodSignature') {
          const [inner] = member.type === 'TSIndexSignature' ? [member.typeAnnotation?.typeAnnotation] : [];
          return inner ? membersIn(inner, owner, `${prefix}*.`) : [];
        }
        const name = `${prefix}${member.key.name}`;
        const says = commentBefore(member);
        const inner = member.typeAnnotation?.typeAnnotation;
        // One word alone says which object of several it is.
        if (!says && inner?.type !== 'TSLiteralType') problems.push(`${file}: ${owner}, ${name} has no comment`);
        const own = member.type === 'TSMethodSignature' ? [] : membersIn(inner, owner, `${name}.`);
        return [{ name: `${name}${member.optional ? '?' : ''}`, says, type: typeOf(member, inner) }, ...own];
      }),
    );
  }

  /** The object types that a type consists of, through unions, intersections, lists and records. */
  function objectsIn(type) {
    switch (type?.type) {
      case 'TSTypeLiteral':
      case 'TSInterfaceBody':
        return [type];
      case 'TSUnionType':
      case 'TSIntersectionType':
        return type.types.flatMap(objectsIn);
      case 'TSParenthesizedType':
      case 'TSTypeOperator':
        return objectsIn(type.typeAnnotation);
      case 'TSArrayType':
        return objectsIn(type.elementType);
      case 'TSTypeReference':
        return (type.typeArguments?.params ?? []).flatMap(objectsIn);
      default:
        return [];
    }
  }

  function typeOf(member, inner) {
    if (member.type === 'TSMethodSignature') {
      return plain({ start: member.key.end, end: member.end }).replace(/^\?/, '').replace(/;$/, '');
    }
    return plain(inner);
  }

  /** The text of a type, with objects that have rows of their own as `{…}`. */
  function plain({ start, end }) {
    return code
      .slice(start, end)
      .replaceAll(/\/\*\*[\s\S]*?\*\//g, '')
      .replaceAll(/\breadonly /g, '')
      .replaceAll(/\s+/g, ' ')
      .replace(/^\| /, '')
      .replaceAll(/\( /g, '(')
      .replaceAll(/,? \)/g, ')')
      .trim();
  }

  /** The text of the comment that ends right before a node. */
  function commentBefore({ start }) {
    const found = comments.findLast(
      ({ type, value, end }) =>
        type === 'Block' && value.startsWith('*') && end <= start && !code.slice(end, start).trim(),
    );
    return (found?.value ?? '')
      .replaceAll(/^\s*\*+ ?/gm, '')
      .replaceAll(/\{@link (\S+)\}/g, '`$1`')
      .replaceAll(/\s+/g, ' ')
      .trim();
  }
}

function chapter({ title, file, first, types }) {
  const names = [...new Set([...first.flatMap((name) => reached(name)), ...types.keys()])];
  return `\n## ${title}\n\n[\`${file}\`](../${file})\n${names.map((name) => section(name, types.get(name))).join('')}`;

  /** A type and those that it names, each before those that its own members name. */
  function reached(start) {
    const found = [start];
    for (const name of found) {
      for (const other of namedIn(types.get(name))) if (types.has(other) && !found.includes(other)) found.push(other);
    }
    return found;
  }
}

function namedIn({ also, members, text = '' }) {
  const types = [...also, ...members.map(({ type }) => type), text].join(' ');
  return [...all].filter((name) => new RegExp(`\\b${name}\\b`).test(types));
}

function section(name, { says, also, members, text }) {
  const more = also.length ? ` It has all words of ${also.map(link).join(', ')} too.` : '';
  const rows = members.map(({ name, says, type }) => `| ${[code(name), says, typeCell(type)].map(cell).join(' | ')} |`);
  const table = rows.length ? `\n| word | what it is | type |\n| --- | --- | --- |\n${rows.join('\n')}\n` : '';
  return `\n### ${name}\n\n${says}${more}${text ? ` ${code(text)}` : ''}\n${table}`;
}

function typeCell(type) {
  const short = shortened(type);
  const others = [...all].filter((name) => new RegExp(`\\b${name}\\b`).test(short));
  if (others.includes(short)) return link(short);
  return `${code(short)}${others.length ? ` (${others.map(link).join(', ')})` : ''}`;
}

/** Objects within as `{…}`: they have rows of their own. */
function shortened(type) {
  let [short, before] = [type, ''];
  while (short !== before) [short, before] = [short.replace(/\{[^{}…]*(?:\{…\}[^{}…]*)*\}/g, '{…}'), short];
  return short;
}

function link(name) {
  return `[${name}](#${name.toLowerCase()})`;
}

function code(words) {
  return words.includes('`') ? `\`\` ${words} \`\`` : `\`${words}\``;
}

function cell(words) {
  return words.replaceAll('|', '\\|');
}
