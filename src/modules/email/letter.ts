import { escapeHtml } from '../../core/merge.ts'

/** What a letter says, all words filled in. */
export type Letter = {
  readonly language: string
  readonly subject: string
  readonly preheader: string | null
  readonly body: string
  readonly link: { readonly label: string; readonly url: string } | null
  readonly vendor: { readonly name: string; readonly postalAddress: string | null }
  readonly unsubscribeUrl: string | null
}

/** Paragraphs are set apart by blank lines; a single line break stays one. */
const paragraphsOf = (body: string): string[] =>
  body
    .replace(/\r\n?/g, '\n')
    .split(/\n[^\S\n]*\n\s*/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')

/** A letter for those who read plain text: the same words in the same order. */
export function plainText(letter: Letter): string {
  const link = letter.link ? [`${letter.link.label}:\n${letter.link.url}`] : []
  return `${[...paragraphsOf(letter.body), ...link, ['-- ', ...footerOf(letter)].join('\n')].join('\n\n')}\n`
}

function footerOf({ vendor, unsubscribeUrl }: Letter): string[] {
  const address = vendor.postalAddress === null ? [] : [vendor.postalAddress.replace(/\s*\n\s*/g, ', ')]
  const unsubscribe = unsubscribeUrl === null ? [] : [`Unsubscribe: ${unsubscribeUrl}`]
  return [vendor.name, ...address, ...unsubscribe]
}

const FONT = "font-family:Georgia,'Times New Roman',serif"
const QUIET =
  "font-family:-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;font-size:13px;line-height:20px"

/** The same letter in HTML: calm, one column, no pictures, readable in the dark. Every word is escaped here. */
export function html(letter: Letter): string {
  const safe = escapeHtml
  const preheader =
    letter.preheader === null
      ? ''
      : `<div style="display:none;max-height:0;overflow:hidden">${safe(letter.preheader)}</div>\n`
  const paragraphs = paragraphsOf(letter.body)
    .map((text) => `<p dir="auto" style="margin:0 0 20px">${safe(text).replaceAll('\n', '<br>\n')}</p>`)
    .join('\n')
  const button = letter.link
    ? `\n<p style="margin:28px 0"><a href="${safe(letter.link.url)}" style="display:inline-block;padding:12px 28px;` +
      `border:1px solid currentColor;border-radius:3px;color:inherit;text-decoration:none">${safe(letter.link.label)}</a></p>`
    : ''
  const address =
    letter.vendor.postalAddress === null
      ? ''
      : `<br>\n${safe(letter.vendor.postalAddress.replace(/\s*\n\s*/g, ', '))}`
  const unsubscribe =
    letter.unsubscribeUrl === null
      ? ''
      : `<br>\n<a href="${safe(letter.unsubscribeUrl)}" style="color:inherit">Unsubscribe</a>`
  return `<!doctype html>
<html lang="${safe(letter.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${safe(letter.subject)}</title>
</head>
<body style="margin:0;padding:0">
${preheader}<div style="max-width:560px;margin:0 auto;padding:40px 24px;${FONT};font-size:17px;line-height:27px">
${paragraphs}${button}
<p style="margin:40px 0 0;padding-top:16px;border-top:1px solid #b8b8b8;${QUIET}">${safe(letter.vendor.name)}${address}${unsubscribe}</p>
</div>
</body>
</html>
`
}
