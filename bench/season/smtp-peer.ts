import { createServer, type Socket } from 'node:net'

/**
 * A mail server in a process of its own that accepts every letter at once and keeps a book: how many, by whom to
 * whom. It speaks as much SMTP as a client without TLS needs, and no more: it must not be what is measured.
 */
export type PeerSays =
  | { readonly is: 'listening'; readonly port: number }
  | { readonly is: 'letters'; readonly to: readonly string[] }
  | { readonly is: 'book'; readonly letters: number; readonly distinct: number }

const TELL_EVERY_MS = 20
const END = '\r\n.\r\n'
const seen = new Set<string>()
let letters = 0
let news: string[] = []

const say = (message: PeerSays): void => void process.send?.(message)

function hear(socket: Socket): void {
  let held = ''
  let to = ''
  let inLetter = false
  const reply = (line: string): void => void socket.write(`${line}\r\n`)
  const takeLetter = (letter: string): void => {
    const id = /^message-id:\s*(\S+)/im.exec(letter)?.[1] ?? `none ${letters}`
    letters += 1
    seen.add(id)
    news.push(to)
    reply('250 2.0.0 taken')
  }
  const obey = (line: string): void => {
    switch (line.slice(0, 4).toUpperCase()) {
      case 'EHLO':
        return reply('250-peer\r\n250-8BITMIME\r\n250 SMTPUTF8')
      case 'RCPT':
        to = /<([^>]*)>/.exec(line)?.[1] ?? ''
        return reply('250 2.1.5 ok')
      case 'DATA':
        inLetter = true
        return reply('354 go on')
      case 'QUIT':
        reply('221 2.0.0 bye')
        return void socket.end()
      default:
        return reply('250 2.0.0 ok')
    }
  }
  socket.setEncoding('latin1')
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on('data', (text: string) => {
    held += text
    for (;;) {
      const end = inLetter ? held.indexOf(END) : held.indexOf('\r\n')
      if (end < 0) return
      const part = held.slice(0, end)
      held = held.slice(end + (inLetter ? END.length : 2))
      if (inLetter) {
        inLetter = false
        takeLetter(part)
      } else obey(part)
    }
  })
  reply('220 peer ESMTP')
}

const server = createServer(hear)
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') say({ is: 'listening', port: address.port })
})
setInterval(() => {
  if (news.length === 0) return
  say({ is: 'letters', to: news })
  news = []
}, TELL_EVERY_MS)
process.on('message', () => say({ is: 'book', letters, distinct: seen.size }))
process.on('disconnect', () => process.exit(0))
