import type { Operation } from '../../contract/operation.ts'
import { html, type Markup } from '../../public/html.ts'
import { passageSection, passages, type Setting } from './beginning.ts'
import { chaptersOf, type Filled } from './chapters.ts'
import { described, type OpenApi } from './described.ts'
import { operationSection } from './operation.ts'
import { sharedAmong } from './shared.ts'

/**
 * The reference: every operation of the document, to be read and printed. It is made of the very values the routes
 * are made of; script finds and copies, and is not needed to read.
 */
export function referencePage(document: OpenApi, operations: readonly Operation[]) {
  const all = described(document, operations)
  const shared = sharedAmong(all)
  const chapters = chaptersOf(all)
  const body = html`${chapters.map(
    ({ id, title, about, operations: ops }) => html`<section class="chapter" id="${id}">
<header><h2>${title}</h2><p>${about}</p></header>
${ops.map((one) => operationSection(shared, one))}</section>
`,
  )}`
  return (setting: Setting): string => whole(setting, chapters, all.length, body, document.info.version)
}

const whole = (
  setting: Setting,
  chapters: readonly Filled[],
  count: number,
  body: Markup,
  version: string,
): string => {
  const beginning = passages(setting)
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>API reference · WedSync Journeys</title>
<link rel="stylesheet" href="/reference/reference.css">
<link rel="icon" href="/icon.svg">
<script src="/reference/reference.js" defer></script>
</head>
<body>
<a class="skip" href="#reference">Skip to the content</a>
<nav aria-label="Contents">
<p class="mark"><a href="/">WedSync Journeys</a></p>
<div class="find" hidden><label for="find">Find an operation</label><input id="find" type="search" autocomplete="off" spellcheck="false" placeholder="Find an operation"><kbd aria-hidden="true">/</kbd></div>
<p class="none" role="status"></p>
${contents(
  'Beginning',
  'beginning',
  beginning.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`),
)}
${chapters.map(({ id, title, operations }) =>
  contents(
    title,
    id,
    operations.map(
      ({ op }) => html`<li><a href="#${op.id}">${op.id}<b class="m ${op.method}">${op.method}</b></a></li>`,
    ),
  ),
)}
</nav>
<main id="reference" tabindex="-1">
<header class="lede"><p>API reference, version ${version}</p><h1>Everything the app can do, a program can do too: ${count} operations, each with its bounds, its refusals and a request that works.</h1></header>
<section class="chapter" id="beginning">
<header><h2>Beginning</h2><p>What holds for every request.</p></header>
${beginning.map(passageSection)}</section>
${body}</main>
</body>
</html>
`.text
}

const contents = (title: string, id: string, items: readonly Markup[]): Markup =>
  html`<div class="group"><p><a href="#${id}">${title}</a></p><ul>${items}</ul></div>
`
