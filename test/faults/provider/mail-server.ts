import { createServer, type Server, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Book } from './book.ts'

/**
 * A mail server that takes letters into its book and can be made to misbehave at the moment that matters: around
 * the final dot. Just enough of SMTP for a sender that waits for each reply.
 */
export const MAIL_FAULTS = [
  /** Accepted and booked, but the reply never leaves. */
  'accept_and_drop_reply',
  /** The line dies with the final dot and nothing was booked. */
  'cut_before_accept',
  /** Certain and temporary, certain and final. */
  'refuse_for_now',
  'refuse_for_good',
  /** Accepted, but it takes its time. */
  'slow',
  'cut_at_greeting',
] as const
export type MailFault = (typeof MAIL_FAULTS)[number]

/** How the server is to behave: each letter meets one of these faults with that chance. */
export type Mood = { readonly fault: MailFault; readonly share: number; readonly slowMs: number } | null

export function mailServer(book: Book, mood: () => Mood): Server {
  return createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    void talk(socket, book, mood)
  })
}

async function talk(socket: Socket, book: Book, mood: () => Mood): Promise<void> {
  const meets = (): MailFault | null => {
    const now = mood()
    return now !== null && Math.random() < now.share ? now.fault : null
  }
  const say = (line: string): void => void socket.write(`${line}\r\n`)
  if (meets() === 'cut_at_greeting') return void socket.destroy()
  say('220 provider')
  let to = ''
  let letter: string[] | null = null
  for await (const line of linesOf(socket)) {
    if (letter !== null) {
      if (line !== '.') letter.push(line)
      else {
        await take(letter, to, meets())
        letter = null
      }
      continue
    }
    const command = line.slice(0, 4).toUpperCase()
    if (command === 'EHLO' || command === 'HELO') say('250 provider')
    else if (command === 'RCPT') {
      to = /<([^>]*)>/.exec(line)?.[1] ?? ''
      say('250 fine')
    } else if (command === 'DATA') {
      letter = []
      say('354 go on')
    } else if (command === 'QUIT') {
      say('221 bye')
      socket.end()
    } else say('250 fine')
  }

  async function take(lines: readonly string[], recipient: string, fault: MailFault | null): Promise<void> {
    // A long header goes on in the next line.
    const id = /^message-id:\s*(<[^>]*>)/im.exec(lines.join('\n'))?.[1] ?? ''
    if (fault === 'cut_before_accept') return void socket.destroy()
    if (fault === 'refuse_for_now') return say('451 try again')
    if (fault === 'refuse_for_good') return say('554 never')
    if (fault === 'slow') await pause(mood()?.slowMs ?? 0)
    await book.write({ id, to: recipient, at: Date.now(), how: fault ?? 'well' })
    if (fault === 'accept_and_drop_reply') return void socket.destroy()
    say('250 accepted')
  }
}

async function* linesOf(socket: Socket): AsyncGenerator<string> {
  let rest = ''
  socket.setEncoding('utf8')
  try {
    for await (const text of socket) {
      const lines = (rest + String(text)).split('\r\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } catch {
    // The sender is gone in the middle of a word; what it did not finish was not taken.
  }
}
