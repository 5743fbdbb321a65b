import type { Letter } from './letters.ts'

/** What the letters about accounts say. Plain words, one link, and what to do if it was not you. */
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

function letter(to: Letter['to'], subject: string, lines: readonly string[], link: string | null): Letter {
  const text = [...lines.slice(0, 1), ...(link ? [link] : []), ...lines.slice(1)].join('\n\n')
  const [first = '', ...rest] = lines.map((line) => `<p>${escaped(line)}</p>`)
  const button = link ? `<p><a href="${escaped(link)}">${escaped(link)}</a></p>` : ''
  return {
    to,
    subject,
    text,
    html: `<!doctype html><html lang="en"><body>${first}${button}${rest.join('')}</body></html>`,
  }
}

export const resetLetter = (to: Letter['to'], link: string): Letter =>
  letter(
    to,
    'Set a new password',
    [
      'Set a new password for WedSync within the hour:',
      'If you did not ask for this, do nothing: your password stays as it is.',
    ],
    link,
  )

export const passwordChangedLetter = (to: Letter['to']): Letter =>
  letter(
    to,
    'Your password was changed',
    [
      'The password of your WedSync account was changed just now, and every device was signed out. If that was not you, ask for a new password at once.',
    ],
    null,
  )

export const openingLetter = (to: Letter['to'], link: string): Letter =>
  letter(
    to,
    'Open your business at WedSync',
    [
      'Open your business with this link; it works once, for the next day:',
      'If you did not ask for this, do nothing.',
    ],
    link,
  )

const many = (count: number, one: string, more: string): string => `${count} ${count === 1 ? one : more}`

/** What came to wait for somebody who works for a business, in one letter. */
export function waitingLetter(
  to: Letter['to'],
  business: string,
  told: { readonly lines: readonly string[]; readonly more: number; readonly notices: number },
  link: string,
): Letter {
  const waiting = told.lines.length + told.more
  const waits = `${many(waiting, 'thing waits', 'things wait')} for you`
  const looks = many(told.notices, 'thing to look at', 'things to look at')
  return letter(
    to,
    `${business}: ${waiting > 0 ? waits : looks}`,
    [
      waiting > 0
        ? `${waits} at ${business}:`
        : `There ${told.notices === 1 ? 'is' : 'are'} ${looks} at ${business}:`,
      ...told.lines,
      ...(told.more > 0 ? [`And ${told.more} more.`] : []),
      ...(waiting > 0 && told.notices > 0 ? [`Beside that: ${looks}.`] : []),
      'You get such a letter once an hour at most, and only when something new waits. Settings, Members switches them off for everybody.',
    ],
    link,
  )
}

export const invitationLetter = (to: Letter['to'], business: string, role: string, link: string): Letter =>
  letter(
    to,
    `${business} invites you`,
    [
      `${business} invites you to work with them at WedSync as ${role}. The link works once, within seven days:`,
      'If you do not know them, do nothing.',
    ],
    link,
  )
