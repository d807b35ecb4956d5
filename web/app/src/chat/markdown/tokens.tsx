import type { MarkedToken, Token, Tokens as Of } from "marked";
import { Image as Picture } from "lucide-react";
import { createElement, type ReactNode } from "react";
import { isInlineImage, safeLink } from "./address";
import { CodeBlock } from "./code-block";
import { decodeEntities } from "./entities";

/** Tokens as elements. Everything is made by React: no HTML of a model ever reaches the page. */
export function Tokens({ tokens }: { tokens: readonly Token[] | undefined }): ReactNode {
  return tokens?.map((token, index) =>
    isKnown(token) ? <One key={index} token={token} /> : decodeEntities(token.raw),
  );
}

const KNOWN = new Set([
  "blockquote",
  "br",
  "checkbox",
  "code",
  "codespan",
  "def",
  "del",
  "em",
  "escape",
  "heading",
  "hr",
  "html",
  "image",
  "link",
  "list",
  "list_item",
  "paragraph",
  "space",
  "strong",
  "table",
  "text",
]);
const isKnown = (token: Token): token is MarkedToken => KNOWN.has(token.type);

function One({ token }: { token: MarkedToken }): ReactNode {
  switch (token.type) {
    case "heading":
      // The page's own title is the h1, the message's sender the h2.
      return createElement(
        `h${Math.min(6, token.depth + 2)}`,
        { "data-depth": token.depth },
        <Tokens tokens={token.tokens} />,
      );
    case "paragraph":
      return (
        <p>
          <Tokens tokens={token.tokens} />
        </p>
      );
    case "text":
      return token.tokens === undefined ? decodeEntities(token.text) : <Tokens tokens={token.tokens} />;
    case "strong":
      return (
        <strong>
          <Tokens tokens={token.tokens} />
        </strong>
      );
    case "em":
      return (
        <em>
          <Tokens tokens={token.tokens} />
        </em>
      );
    case "del":
      return (
        <del>
          <Tokens tokens={token.tokens} />
        </del>
      );
    case "codespan":
      return <code>{token.text}</code>;
    case "code":
      return <CodeBlock code={token.text} language={token.lang?.split(/\s/)[0] ?? ""} open={false} />;
    case "link":
      return <Link token={token} />;
    case "image":
      return <Image token={token} />;
    case "list":
      return <List token={token} />;
    case "blockquote":
      return (
        <blockquote>
          <Tokens tokens={token.tokens} />
        </blockquote>
      );
    case "table":
      return <Table token={token} />;
    case "hr":
      return <hr />;
    case "br":
      return <br />;
    case "escape":
      return token.text;
    case "html":
      return token.text;
    case "checkbox":
    case "def":
    case "list_item":
    case "space":
      return null;
  }
}

function Link({ token }: { token: Of.Link }) {
  const address = safeLink(token.href);
  if (address === null) return <Tokens tokens={token.tokens} />;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer nofollow" title={token.title ?? undefined}>
      <Tokens tokens={token.tokens} />
    </a>
  );
}

/** A picture elsewhere would tell its server who reads: it is a link until somebody follows it. */
function Image({ token }: { token: Of.Image }) {
  if (isInlineImage(token.href)) return <img src={token.href} alt={token.text} loading="lazy" />;
  const address = safeLink(token.href);
  const words = token.text || "Image";
  if (address === null) return words;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer nofollow" className="markdown-image">
      <Picture aria-hidden /> {words}
    </a>
  );
}

function List({ token }: { token: Of.List }) {
  const items = token.items.map((item, index) => (
    <li key={index} data-task={item.task || undefined}>
      {item.task && <input type="checkbox" checked={item.checked === true} readOnly tabIndex={-1} aria-label="Done" />}
      <Tokens tokens={item.tokens} />
    </li>
  ));
  return token.ordered ? <ol start={token.start === "" ? 1 : token.start}>{items}</ol> : <ul>{items}</ul>;
}

function Table({ token }: { token: Of.Table }) {
  return (
    <div className="markdown-table" tabIndex={0} role="region" aria-label="Table">
      <table>
        <thead>
          <tr>
            {token.header.map((cell, index) => (
              <th key={index} scope="col" style={{ textAlign: cell.align ?? undefined }}>
                <Tokens tokens={cell.tokens} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} style={{ textAlign: cell.align ?? undefined }}>
                  <Tokens tokens={cell.tokens} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
