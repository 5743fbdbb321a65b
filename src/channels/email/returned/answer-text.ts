/**
 * What somebody wrote, without the letter they answered. Cut only where it is certain that nothing of theirs follows:
 * whoever answers line by line, or below what they quote, keeps all of it.
 */
export function answerText(text: string): string {
  const lines = text
    .replace(/\r\n?/g, '\n')
    .replace(/\u00a0/g, ' ')
    .split('\n')
  const at = quoteBegins(lines)
  if (at === null) return tidy(lines)
  const above = tidy(lines.slice(0, at.line))
  if (at.is === 'copy') return above === '' ? tidy(lines) : above
  // Marked line by line: what is not marked is theirs.
  const below = lines.slice(at.line).filter((line, index) => index >= at.heading && !isQuoted(line))
  const wrote = tidy(withoutDevice(below)) !== ''
  if (!wrote) return above === '' ? tidy(lines) : above
  return above === '' && isOneBlock(lines.slice(at.line + at.heading)) ? tidy(below) : tidy(lines)
}

type Quote =
  /** A heading of so many lines, then lines that begin with ">". */
  | { readonly is: 'marked'; readonly line: number; readonly heading: number }
  /** A copy of the letter without marks: all that follows is it. */
  | { readonly is: 'copy'; readonly line: number }

const isQuoted = (line: string): boolean => /^\s*>/.test(line)

/** "On Mon, 3 May 2027 at 10:00, Lumen wrote:" and its kin; long ones are broken by mail programs. */
const WROTE =
  /^(on|am|le|el|il|em|op|den|w dniu|dne|vào|på)\b.{6,}(wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|skrev|napisał\S*|napsal\S*)\b.{0,200}:\s*$/iu
const ADDRESS_WROTE = /\S+@\S+.{0,20}(wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef)\s*:\s*$/iu
const HEADING_LINES_MAX = 3
const HEADING_CHARS_MAX = 400
/** As Outlook and others put a whole letter below, without marks. */
const COPY =
  /^\s*(-{2,}\s*(original message|original-nachricht|ursprüngliche nachricht|message d['’]origine|mensaje original|messaggio originale|oorspronkelijk bericht|forwarded message)\s*-{2,}|_{20,})\s*$/iu
const FROM = /^\s*\*?(from|von|de|da|van|od|från|fra)\s*:\*?\s+\S/iu
const SENT =
  /^\s*\*?(sent|date|gesendet|datum|envoyé|enviado|fecha|inviato|data|verzonden|skickat|sendt)\s*:\*?\s+\S/iu

function quoteBegins(lines: readonly string[]): Quote | null {
  for (let line = 0; line < lines.length; line += 1) {
    const here = lines[line] ?? ''
    const heading = headingAt(lines, line)
    if (heading > 0) return { is: 'marked', line, heading }
    if (isQuoted(here)) return { is: 'marked', line, heading: 0 }
    if (COPY.test(here) && lines.slice(line + 1, line + 5).some((one) => FROM.test(one)))
      return { is: 'copy', line }
    if (FROM.test(here) && lines.slice(line + 1, line + 3).some((one) => SENT.test(one)))
      return { is: 'copy', line }
  }
  return null
}

/** How many lines say who wrote what follows; only where marked lines do follow, or nothing at all. */
function headingAt(lines: readonly string[], line: number): number {
  let said = ''
  for (let count = 1; count <= HEADING_LINES_MAX; count += 1) {
    const last = (lines[line + count - 1] ?? '').trim()
    if (last === '' || isQuoted(last)) return 0
    said = `${said} ${last}`.trim()
    if (said.length > HEADING_CHARS_MAX) return 0
    if (!WROTE.test(said) && !(count === 1 && ADDRESS_WROTE.test(said))) continue
    // The line above a heading is theirs, even if it begins like one.
    if (count > 1 && WROTE.test((lines[line + 1] ?? '').trim())) return 0
    const next = lines.slice(line + count).find((one) => one.trim() !== '')
    return next === undefined || isQuoted(next) ? count : 0
  }
  return 0
}

/** Whether what is marked stands together, with nothing written between. */
function isOneBlock(lines: readonly string[]): boolean {
  const marks = lines.flatMap((line, index) => (isQuoted(line) ? [index] : []))
  const [first = 0, last = 0] = [marks[0], marks.at(-1)]
  return lines.slice(first, last).every((line) => isQuoted(line) || line.trim() === '')
}

const DEVICE =
  /^\s*(sent from|get outlook for|von meinem|gesendet von|envoyé de|enviado desde|inviato da|verstuurd vanaf)\b.{0,60}$/iu
const withoutDevice = (lines: readonly string[]): string[] => lines.filter((line) => !DEVICE.test(line))

function tidy(lines: readonly string[]): string {
  const own = withoutDevice(lines)
  return own
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** The words of a letter that was written in HTML alone; what is marked there as quoted is marked here as well. */
export function textOfHtml(html: string): string {
  let depth = 0
  let unseen: string | null = null
  let text = ''
  const shown = withoutComments(html.slice(0, HTML_CHARS_MAX)).replace(/\s+/g, ' ')
  for (const piece of shown.split(/(<[^<>]*>)/)) {
    const tag = /^<(\/?)([a-z0-9]+)/i.exec(piece)
    if (!tag) {
      if (unseen === null) text += piece
      continue
    }
    const closes = tag[1] === '/'
    const name = (tag[2] ?? '').toLowerCase()
    if (UNSEEN.has(name)) unseen = closes ? null : name
    if (name === 'blockquote') depth = Math.max(0, depth + (closes ? -1 : 1))
    if (BREAKS.has(name)) text += `\n${depth > 0 ? '> ' : ''}`
  }
  return decoded(text)
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

const HTML_CHARS_MAX = 300_000
const UNSEEN = new Set(['style', 'script', 'title'])
const BREAKS = new Set('br p div tr li h1 h2 h3 h4 h5 h6 blockquote table ul ol hr'.split(' '))

function withoutComments(html: string): string {
  let kept = ''
  for (let at = 0; ; ) {
    const from = html.indexOf('<!--', at)
    if (from < 0) return kept + html.slice(at)
    kept += html.slice(at, from)
    const to = html.indexOf('-->', from)
    if (to < 0) return kept
    at = to + 3
  }
}

const ENTITIES: { readonly [name: string]: string } = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  rsquo: '’',
  lsquo: '‘',
  rdquo: '”',
  ldquo: '“',
  ndash: '–',
  mdash: '—',
  hellip: '…',
}
const CODE_POINT_MAX = 0x10ffff
const decoded = (text: string): string =>
  text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|[a-z]{2,8});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()] ?? whole
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code > 0 && code <= CODE_POINT_MAX ? String.fromCodePoint(code) : ''
  })
