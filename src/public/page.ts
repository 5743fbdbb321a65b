import { readFileSync } from 'node:fs'
import { html, type Markup } from './html.ts'

/** The frame of every page a couple sees: the vendor's name and colour, the two of them, and a sheet of paper. */
export type Cover = {
  readonly vendor: string
  readonly trade: string
  /** The vendor's one colour, `#7a3e48`, which white words can be read on. */
  readonly accent: string
  readonly logo: string | null
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
${cover ? html`<link rel="stylesheet" href="${accentFile(cover.accent)}">` : ''}
<link rel="icon" href="/icon.svg">
${script ? html`<link rel="modulepreload" href="/f/judge.js"><script type="module" src="/f/form.js"></script>` : ''}
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

/** The policy of the page allows no style in it, so a colour is a file of its own. */
const accentFile = (accent: string): string => `/f/accent-${accent.slice(1)}.css`

/** On paper a little deeper than where white words stand on it; in the evening lighter. */
export const accentCss = (
  hex: string,
): string => `@supports (color:color-mix(in srgb,red,blue)){:root{--accent:#${hex};--brand:color-mix(in srgb,var(--accent) 86%,black);--brand-soft:color-mix(in srgb,var(--accent) 9%,var(--background));--brand-on:#fff}
@media screen and (prefers-color-scheme:dark){:root{--brand:color-mix(in srgb,var(--accent) 38%,white);--brand-soft:color-mix(in srgb,var(--accent) 20%,#181513);--brand-on:#181513}}}
`

/** Trusted: a drawing of ours. */
const sprig: Markup = Object.assign(html``, { text: SPRIG })

function coverOf({ vendor, trade, logo, names, wedding, steps }: Cover): Markup {
  const [a, b] = names
  return html`<header class="cover">
${sprig}
<p class="wordmark">${logo ? html`<img src="${logo}" alt="${vendor}">` : vendor}<span>${trade}</span></p>
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
