import type * as TypeScript from "typescript";
import {
  type Documented,
  exportedNames,
  findExport,
  findLocal,
  loadTypeScript,
  membersOf,
  moduleFile,
  moduleNames,
  nameOf,
  statementOf,
} from "./declarations.js";
import type { Subject } from "./find-subject.js";

/** The most fields of a type that are listed with a function that takes it. */
const MOST_FIELDS = 30;

/**
 * Writes a page of documentation.
 *
 * @returns Markdown
 */
export function subjectPage({ name, module, declarations, owner }: Subject): string {
  const documented = declarations.find((each) => commentOf(each).text !== "") ?? declarations[0];
  if (documented === undefined) return "";
  const { text, tags } = commentOf(documented);
  // A member has its example with what it is a member of.
  const examples = [documented, owner]
    .map((each) => (each ? examplesOf(each) : []))
    .find(({ length }) => length > 0);
  const parts = [
    `**${name}**${module === undefined ? "" : ` of \`${module}\``}`,
    codeBlock(declarations.map(signature).join("\n")),
    text || "*There is no documentation.*",
    list("Parameters", parameters(documented)),
    ...sections(tags),
    ...optionLists(documented),
    list("Members", membersOf(documented).flatMap(memberLine)),
    ...(examples ?? []),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

/**
 * Lists what a module exports.
 *
 * @returns Markdown
 */
export function modulePage(module: string): string {
  const file = moduleFile(module);
  const lines = exportedNames(file).map((name) => {
    const text =
      findExport(file, name)
        .map((each) => commentOf(each).text)
        .find(Boolean) ?? "";
    return `\`${name}\`${text && ` – ${firstSentence(text)}`}`;
  });
  return [`**rnnlab/${module}**`, list("Exports", lines)].join("\n\n");
}

/**
 * Lists the modules.
 *
 * @returns Markdown
 */
export function packagePage(): string {
  const lines = moduleNames().map((module) => {
    const file = moduleFile(module);
    const names = exportedNames(file).filter((name) => findExport(file, name).some(isValue));
    return `\`rnnlab/${module}\`: ${names.map((name) => `\`${name}\``).join(", ")}`;
  });
  return [
    "**rnnlab**",
    list("Modules", lines),
    'Ask `help(fit)`, `help("layers.lstm")` or `help("rnnlab/plot")`.',
  ].join("\n\n");
}

/** Whether a declaration is of something that exists when code runs, and not of a type alone. */
export function isValue(declaration: Documented): boolean {
  const ts = loadTypeScript();
  return !ts.isInterfaceDeclaration(declaration) && !ts.isTypeAliasDeclaration(declaration);
}

/** The same without Markdown's signs, for a terminal. */
export function toPlainText(markdown: string): string {
  return markdown
    .split(/(```[\s\S]*?```)/)
    .map((part) =>
      part.startsWith("```")
        ? part.replace(/^```\w*\n?|\n?```$/g, "").replace(/^/gm, "    ")
        : part.replace(/\*\*|`|(?<=^|\s)\*(?=\w)|(?<=[.\w])\*(?=\s|$)/g, ""),
    )
    .join("");
}

interface Tag {
  readonly name: string;
  readonly text: string;
  /** The parameter, or the type of the error */
  readonly about: string;
}

function commentOf(declaration: Documented): { readonly text: string; readonly tags: readonly Tag[] } {
  const ts = loadTypeScript();
  const comment = ts.getJSDocCommentsAndTags(statementOf(declaration)).filter(ts.isJSDoc).at(-1);
  const tags = (comment?.tags ?? []).map((tag) => ({
    name: tag.tagName.text,
    text: proseOf(tag.comment).replace(/^-\s*/, ""),
    about: subjectOf(tag),
  }));
  return { text: proseOf(comment?.comment), tags };
}

function subjectOf(tag: TypeScript.JSDocTag): string {
  const ts = loadTypeScript();
  if (ts.isJSDocParameterTag(tag)) return tag.name.getText();
  return ts.isJSDocThrowsTag(tag) ? (tag.typeExpression?.type.getText() ?? "") : "";
}

function examplesOf(declaration: Documented): string[] {
  const examples = commentOf(declaration).tags.filter(({ name }) => name === "example");
  return examples.map(({ text }) => `**Example**\n\n${text}`);
}

/** A link is the name that it leads to. */
function proseOf(comment: Parameters<typeof TypeScript.getTextOfJSDocComment>[0]): string {
  const text = loadTypeScript().getTextOfJSDocComment(comment) ?? "";
  return text.replace(/\{@link(?:code|plain)?\s+([^}\s]+)\s*\}/g, "`$1`").trim();
}

/** A declaration as one line or, for overloads and long ones, some; without comments, and a class without its members. */
function signature(declaration: Documented): string {
  const ts = loadTypeScript();
  if (ts.isClassDeclaration(declaration) || ts.isInterfaceDeclaration(declaration)) {
    const [head = ""] = textOf(declaration).split(/\s*\{/);
    const constructors = [...declaration.members].filter(ts.isConstructorDeclaration);
    return [
      head,
      ...constructors.map((each) => `new ${nameOf(declaration)}${textOf(each).replace(/^constructor/, "")}`),
    ].join("\n");
  }
  return textOf(statementOf(declaration));
}

function textOf(node: TypeScript.Node): string {
  const text = node.getSourceFile().text.slice(node.getStart(), node.end);
  return text
    .replace(/\/\*\*[\s\S]*?\*\//g, "")
    .replace(/^export |^(export )?declare |;$/g, "")
    .replace(/^declare /, "")
    .replace(/\n\s*\n/g, "\n")
    .trim();
}

function parameters(declaration: Documented): string[] {
  const ts = loadTypeScript();
  const owner = ts.isClassDeclaration(declaration)
    ? declaration.members.find(ts.isConstructorDeclaration)
    : declaration;
  if (owner === undefined || !ts.isFunctionLike(owner)) return [];
  const { tags } = commentOf(owner);
  return owner.parameters.map((parameter) => {
    const name = parameter.name.getText();
    const text = tags.find(({ about }) => about === name)?.text ?? "";
    return `\`${name}${parameter.questionToken ? "?" : ""}\`${text && ` – ${text}`}`;
  });
}

function sections(tags: readonly Tag[]): string[] {
  const titles: Readonly<Record<string, string>> = { returns: "Returns", throws: "Throws" };
  return tags.flatMap(({ name, text, about }) =>
    titles[name] === undefined ? [] : `**${titles[name]}** ${about && `\`${about}\` `}${text}`,
  );
}

/** The fields of the options that a function takes. */
function optionLists(declaration: Documented): string[] {
  const ts = loadTypeScript();
  if (!ts.isFunctionLike(declaration)) return [];
  return declaration.parameters.flatMap(({ type }) => {
    if (type === undefined || !ts.isTypeReferenceNode(type)) return [];
    const name = type.typeName.getText();
    const [found] = findLocal(declaration.getSourceFile(), name);
    const fields = found === undefined ? [] : membersOf(found).filter(ts.isPropertySignature);
    if (found === undefined || fields.length > MOST_FIELDS) return [];
    return list(name, fields.flatMap(memberLine), firstSentence(commentOf(found).text));
  });
}

/** A member with its type or parameters, and the first sentence about it. */
function memberLine(member: Documented): string[] {
  const ts = loadTypeScript();
  const name = nameOf(member);
  if (name === "constructor" || name === "" || name.startsWith("[") || ts.isSetAccessor(member)) return [];
  const text = firstSentence(commentOf(member).text);
  const written = textOf(member)
    .replace(/\s+/g, " ")
    .replace(/^(readonly|override) /, "")
    .replace(/^get (\w+)\(\)/, "$1");
  return [`\`${written}\`${text && ` – ${text}`}`];
}

function firstSentence(text: string): string {
  return text.replace(/\s+/g, " ").replace(/(?<=[^.\s]\.) (?=[A-Z]).*/, "");
}

const codeBlock = (code: string): string => `\`\`\`typescript\n${code}\n\`\`\``;

function list(title: string, lines: readonly string[], about = ""): string {
  if (lines.length === 0) return "";
  const items = lines.map((line) => `- ${line.replace(/\n\s*/g, " ")}`);
  return `${`**${title}** ${about}`.trim()}\n\n${items.join("\n")}`;
}
