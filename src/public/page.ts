import { readFileSync } from 'node:fs'
import { html, type Markup } from './html.ts'

/** The frame of every page a couple sees: the vendor's name and colour, the two of them, and a sheet of paper. */
export type Cover = {
  readonly vendor: string
  readonly trade: string
  readonly names: readonly string[]
  readonly wedding: string | null
  readonly steps: readonly { readonly words: string; readonly when: string; readonly is: 'now' | 'wedding' }[]
}

const SPRIG = readFileSync(new URL('./assets/sprig.svg', import.meta.url), 'utf8').trim()

export function page(given: {
  readonly title: string
  readonly language: string
  readonly cover: Cover | null
  readonly sheet: Markup
  readonly script: boolean
}): string {
  const { title, language, cover, sheet, script } = given
  const whole = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="stylesheet" href="/f/form.css">
<link rel="icon" href="/icon.svg">
${script ? html`<script src="/f/form.js" defer></script>` : ''}
</head>
<body>
${cover ? coverOf(cover) : ''}
<main class="sheet">
${sheet}
</main>
</body>
</html>
`
  return whole.text
}

/** Trusted: a drawing of ours. */
const sprig: Markup = Object.assign(html``, { text: SPRIG })

function coverOf({ vendor, trade, names, wedding, steps }: Cover): Markup {
  const [a, b] = names
  return html`<header class="cover">
${sprig}
<p class="wordmark">${vendor}<span>${trade}</span></p>
${a ? html`<p class="names">${a}${b ? html` <i>&amp;</i> ${b}` : ''}</p>` : ''}
${wedding ? html`<p class="when"><span class="diamond" aria-hidden="true"></span>${wedding}</p>` : ''}
${
  steps.length > 0
    ? html`<ol class="steps">${steps.map(
        (step) =>
          html`<li class="${step.is}"><span class="mark" aria-hidden="true"></span><span>${step.words}<span class="s">${step.when}</span></span></li>`,
      )}</ol>`
    : ''
}
</header>`
}
