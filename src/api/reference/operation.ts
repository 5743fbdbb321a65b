import { PROBLEMS_OF_ALL } from '../../contract/operation.ts'
import { PROBLEMS, type ProblemCode } from '../../contract/problem.ts'
import { html, Markup } from '../../public/html.ts'
import type { Described } from './described.ts'
import { curl } from './example.ts'
import { typeWords } from './schema.ts'
import { answerShape, coded, field, fieldsOf } from './shape.ts'
import type { Shared } from './shared.ts'

/** One operation: its words on the left, what is sent and what comes back on the right. */
export function operationSection(shared: Shared, one: Described): Markup {
  const { op } = one
  return html`<section class="op" id="${op.id}" aria-labelledby="t-${op.id}">
<h3 id="t-${op.id}"><a href="#${op.id}">${op.id}</a></h3>
<p class="at"><b class="m ${op.method}">${op.method.toUpperCase()}</b> <code>${op.path}</code></p>
<div class="w"><p class="d">${coded(op.summary)}.${op.weight > 1 ? ` It counts as ${op.weight} requests.` : ''}</p>
${whoMay(one)}${given(shared, one)}${refusals(one)}</div>
<div class="x">${code('Request', curl(one))}
<p class="r">Answers <b>${op.status}</b>${headersOf(one)}${one.answer ? '' : ', without a body'}</p>
${one.answer ? answerShape(shared, one.answer, op.id) : ''}</div>
</section>
`
}

export const code = (title: string, text: string): Markup =>
  html`<p class="r">${title}</p><pre class="c">${text}</pre>`

const headersOf = ({ op }: Described): string =>
  op.etag === 'gives' || op.etag === 'needs' ? ' with an ETag' : ''

function whoMay({ op, asker }: Described): Markup {
  if (asker.is !== 'vendor')
    return html`<p class="who">${
      asker.is === 'nobody' ? 'Anybody may.' : 'Whoever is signed in may; a key may not.'
    }</p>`
  const { permission, roles, keyOnly } = asker
  const scope = html`a key with <a href="#scope-${permission}"><code>${permission}</code></a>`
  if (keyOnly) return html`<p class="who">For ${scope}.</p>`
  return html`<p class="who">For ${roles.join(', ')}; or ${scope}.${
    op.shownOnce ? ' What it gives is shown once.' : ''
  }</p>`
}

/** Where it is sent: in the path, in the query, in headers, in the body. */
function given(shared: Shared, { op, parameters, body }: Described): Markup[] {
  const inThe = (where: 'path' | 'query' | 'header') => parameters.filter((one) => one.in === where)
  const [path, query, headers] = [inThe('path'), inThe('query'), inThe('header')]
  return [
    path.length > 0 &&
      html`<h4>In the path</h4><p>${path.map(
        ({ name, schema }, i) =>
          html`${i > 0 ? ', ' : ''}<code>${name}</code> <span class="t">${typeWords(schema)}</span>`,
      )}</p>`,
    query.length > 0 &&
      html`<h4>In the query</h4><ul class="f">${query.map(({ name, schema, required }) =>
        field(shared, {
          name,
          schema,
          required,
          place: { op: op.id, part: 'body', path: `query ${name}` },
        }),
      )}</ul>`,
    headers.length > 0 &&
      html`<h4>In headers</h4><p>${headers.map(
        ({ name, required }, i) =>
          html`${i > 0 ? ', ' : ''}<a href="#${TOLD_AT[name] ?? 'first-request'}">${name}</a>${required ? '' : ' if you like'}`,
      )}</p>`,
    body && html`<h4>In the body</h4>${fieldsOf(shared, body, { op: op.id, part: 'body', path: '' })}`,
  ].filter((one) => one instanceof Markup)
}

/** What a header is for is told once, at the beginning. */
const TOLD_AT: { readonly [header: string]: string } = { 'Idempotency-Key': 'once', 'If-Match': 'together' }

/** Its own, each with its sentence; then those of its kind, by their codes; what any request may meet is told once. */
function refusals({ op, problems }: Described): Markup {
  const own = new Set<ProblemCode>(op.problems)
  const usual = problems
    .filter((one) => !own.has(one) && !PROBLEMS_OF_ALL.includes(one))
    .sort((a, b) => PROBLEMS[a].status - PROBLEMS[b].status)
  return html`<h4>Refusals</h4>${
    own.size > 0 &&
    html`<ul class="p">${[...own].map(
      (one) =>
        html`<li><a href="#${one}">${PROBLEMS[one].status} <code>${one}</code></a> ${PROBLEMS[one].title}.</li>`,
    )}</ul>`
  }<p class="u">${own.size > 0 ? 'And ' : ''}${usual.map((one, i) => html`${i > 0 ? ', ' : ''}<a href="#${one}">${one}</a>`)}${usual.length > 0 ? ', and ' : ''}<a href="#problems">those of any request</a>.</p>`
}
