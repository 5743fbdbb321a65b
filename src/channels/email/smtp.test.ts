import { createServer, type Server, type Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, test } from 'vitest'
import { plusMs } from '../../core/time/instant.ts'
import {
  type ChannelWorld,
  CONFORMANCE_NOW,
  channelConformance,
  delivery,
  type Fault,
} from '../conformance.ts'
import { type Mail, messageIdFor } from './mail.ts'
import { replyTo, smtp } from './smtp.ts'
import type { SmtpServer } from './smtp-line.ts'

const mail: Mail = {
  from: { name: 'Lumen Photography', address: 'hello@lumen.example' },
  to: { name: 'Anna & Ben', address: 'anna@couple.example' },
  subject: 'Ihr großer Tag – 42 days',
  text: 'Dear Anna,\n\n.a line that begins with a dot\n\nSee you soon',
  html: '<p>Dear Anna,</p>',
  messageId: messageIdFor('a1'.repeat(32), 'lumen.example'),
  unsubscribe: { url: 'https://wed.example/u/3kT9' },
}

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
const now = () => CONFORMANCE_NOW
const quick = { connectMs: 5_000, envelopeMs: 5_000, finalDotMs: 10_000 }

const channelTo = (server: Partial<SmtpServer> & { port: number }) => {
  const channel = smtp({ host: '127.0.0.1', tls: 'none', timeouts: quick, ...server }, { now })
  closing.push(() => channel.close())
  return channel
}

async function listening(server: Server | SMTPServer, port = 0): Promise<number> {
  const net = server instanceof SMTPServer ? server.server : server
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
  const address = net.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on a port')
  return address.port
}

/** A real mail server on loopback that can be told to misbehave. */
async function mailServer() {
  const letters: string[] = []
  const sockets = new Set<Socket>()
  const state = { fault: 'none' as Fault, visits: 0, envelope: { to: [] as string[], from: '' } }
  const socketOf = (session: { remotePort?: number | undefined }): Socket | undefined =>
    [...sockets].find((socket) => socket.remotePort === session.remotePort)
  const make = () => {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS', 'AUTH'],
      disableReverseLookup: true,
      closeTimeout: 50,
      logger: false,
      onConnect: (_, done) => {
        state.visits += 1
        done()
      },
      onRcptTo: (_, session, done) => {
        const answer = { says_later: [451, 'come again'], refuses: [550, 'no such person'] }[
          state.fault as string
        ]
        if (state.fault === 'lost_before_hand_over') socketOf(session)?.destroy()
        else if (answer)
          done(Object.assign(new Error(String(answer[1])), { responseCode: Number(answer[0]) }))
        else done()
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = []
        stream.on('data', (chunk: Buffer) => chunks.push(chunk))
        stream.on('end', () => {
          if (state.fault === 'lost_after_hand_over') socketOf(session)?.destroy()
          else if (state.fault !== 'silent_after_hand_over') {
            letters.push(Buffer.concat(chunks).toString())
            const from = session.envelope.mailFrom
            state.envelope = {
              to: session.envelope.rcptTo.map((one) => one.address),
              from: from === false ? '' : from.address,
            }
            done(null)
          }
        })
      },
    })
    server.server.on('connection', (socket: Socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    })
    server.on('error', () => undefined)
    return server
  }
  let server = make()
  const port = await listening(server)
  const hangUp = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  closing.push(hangUp)
  return {
    port,
    letters,
    state,
    sockets,
    async become(fault: Fault) {
      if (fault === 'unreachable') await hangUp()
      else if (state.fault === 'unreachable') {
        server = make()
        await listening(server, port)
      }
      state.fault = fault
    },
  }
}

function idOf(letter: string): string {
  const id = /^Message-ID:\s*(<[^>]+>)/im.exec(letter)?.[1]
  if (id === undefined) throw new Error(`a letter without a Message-ID: ${letter}`)
  return id
}

async function world(): Promise<ChannelWorld<Mail>> {
  const server = await mailServer()
  return {
    channel: channelTo({ port: server.port }),
    message: mail,
    become: server.become,
    taken: () => server.letters.map(idOf),
    visits: () => server.state.visits,
  }
}

channelConformance(
  'smtp',
  [
    'says_later',
    'refuses',
    'unreachable',
    'lost_before_hand_over',
    'lost_after_hand_over',
    'silent_after_hand_over',
  ],
  world,
)

test('the letter arrives whole, to one person, with its headers', async () => {
  const server = await mailServer()
  await channelTo({ port: server.port }).send(mail, delivery())
  const [letter = ''] = server.letters
  expect(server.state.envelope).toEqual({ to: ['anna@couple.example'], from: 'hello@lumen.example' })
  expect(idOf(letter)).toBe(mail.messageId)
  expect(letter).toContain('From: Lumen Photography <hello@lumen.example>')
  expect(letter).toContain('To: "Anna & Ben" <anna@couple.example>')
  expect(letter).toContain('List-Unsubscribe: <https://wed.example/u/3kT9>')
  expect(letter).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
  expect(letter).toContain('\r\n.a line that begins with a dot\r\n')
  expect(letter).toContain('<p>Dear Anna,</p>')
})

test('letters to the same server share a line, and a line the server closed costs nothing', async () => {
  const server = await mailServer()
  const channel = channelTo({ port: server.port })
  for (let i = 0; i < 3; i++) expect(await channel.send(mail, delivery())).toMatchObject({ is: 'accepted' })
  expect(server.state.visits).toBe(1)
  for (const socket of server.sockets) socket.destroy()
  expect(await channel.send(mail, delivery())).toMatchObject({ is: 'accepted' })
  expect([server.letters.length, server.state.visits]).toEqual([4, 2])
})

test('a server is held on no more lines than agreed, and who waits in vain has certainly not been sent', async () => {
  const server = await mailServer()
  const channel = channelTo({ port: server.port, linesMax: 2 })
  const replies = await Promise.all(Array.from({ length: 12 }, () => channel.send(mail, delivery())))
  expect(replies.every((reply) => reply.is === 'accepted')).toBe(true)
  expect([server.letters.length, server.state.visits]).toEqual([12, 2])

  await server.become('silent_after_hand_over')
  const stop = AbortSignal.timeout(800)
  const held = await Promise.all([1, 2, 3].map(() => channel.send(mail, delivery({ signal: stop }))))
  expect(held.map((reply) => reply.is).sort()).toEqual(['busy', 'unknown', 'unknown'])
  await server.become('none')
  expect(await channel.send(mail, delivery())).toMatchObject({ is: 'accepted' })
})

/** A peer that speaks a script, for what a well-made mail server never does. */
async function scripted(answers: (line: string, socket: Socket) => string | null, greeting = '220 hi\r\n') {
  const server = createServer((socket) => {
    let data = false
    socket.on('error', () => undefined)
    socket.write(greeting)
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().split('\r\n').filter(Boolean)) {
        if (data && line !== '.') continue
        data = line === 'DATA'
        const answer = answers(line, socket)
        if (answer !== null) socket.write(`${answer}\r\n`)
      }
    })
  })
  closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())))
  return listening(server)
}
const polite = (line: string): string =>
  line === 'DATA' ? '354 go on' : line.startsWith('EHLO') ? '250-hi\r\n250 SIZE 100000' : '250 ok'

describe('what is certain and what is not (reliability 1.3)', () => {
  const finalDot = (answer: string) => (line: string) => (line === '.' ? answer : polite(line))
  const at = (verb: string, answer: string) => (line: string) =>
    line.startsWith(verb) ? answer : polite(line)
  const cases: [string, (line: string, socket: Socket) => string | null, object][] = [
    ['250 to the final dot', finalDot('250 queued as 7'), { is: 'accepted', ref: '250 queued as 7' }],
    ['451 to the final dot', finalDot('451 later'), { is: 'busy', cause: 'smtp_451', retryAfterMs: null }],
    ['554 to the final dot', finalDot('554 spam'), { is: 'rejected', cause: 'smtp_554', detail: '554 spam' }],
    ['421 to the final dot', finalDot('421 closing'), { is: 'busy', cause: 'smtp_421', retryAfterMs: null }],
    [
      'garbage to the final dot',
      finalDot('what?'),
      { is: 'unknown', cause: 'smtp_emessage_after_hand_over' },
    ],
    [
      'a 354 to the final dot',
      finalDot('354 more'),
      { is: 'unknown', cause: 'smtp_emessage_after_hand_over' },
    ],
    ['553 to MAIL', at('MAIL', '553 not you'), { is: 'rejected', cause: 'smtp_553', detail: '553 not you' }],
    [
      '451 to RCPT',
      at('RCPT', '451 greylisted'),
      { is: 'busy', cause: 'recipient_451', retryAfterMs: 300_000 },
    ],
    [
      '550 to RCPT',
      at('RCPT', '550 nobody'),
      { is: 'rejected', cause: 'recipient_550', detail: '550 nobody', address: 'dead' },
    ],
    [
      '550 to RCPT for another reason than who it is for',
      at('RCPT', '550 5.7.1 refused by policy'),
      { is: 'rejected', cause: 'recipient_550', detail: '550 5.7.1 refused by policy' },
    ],
    ['452 to DATA', at('DATA', '452 full'), { is: 'busy', cause: 'smtp_452', retryAfterMs: null }],
    ['503 to DATA', at('DATA', '503 order'), { is: 'busy', cause: 'smtp_503', retryAfterMs: null }],
    ['530 to MAIL', at('MAIL', '530 log in'), { is: 'busy', cause: 'smtp_530', retryAfterMs: null }],
    [
      'a line cut while the letter is on its way to the server',
      (line, socket) => {
        if (line !== 'DATA') return polite(line)
        socket.destroy()
        return null
      },
      { is: 'busy', cause: 'smtp_econnection', retryAfterMs: null },
    ],
  ]
  test.each(cases)('%s', async (_, answers, expected) => {
    const channel = channelTo({ port: await scripted(answers) })
    expect(await channel.send(mail, delivery())).toEqual(expected)
  })

  test('a server that will not have us at all says nothing about the letter', async () => {
    const port = await scripted(polite, '554 go away\r\n')
    expect(await channelTo({ port }).send(mail, delivery())).toMatchObject({ is: 'busy' })
  })

  test('a server without TLS where TLS is asked for gets no letter', async () => {
    const seen: string[] = []
    const port = await scripted((line) => {
      seen.push(line)
      return polite(line)
    })
    const reply = await channelTo({ port, tls: 'starttls' }).send(mail, delivery())
    expect(reply).toMatchObject({ is: 'busy' })
    expect(seen.some((line) => line.startsWith('MAIL'))).toBe(false)
  })

  test('a server that cannot prove who it is gets no letter', async () => {
    const server = new SMTPServer({ authOptional: true, disableReverseLookup: true, logger: false })
    server.on('error', () => undefined)
    const port = await listening(server)
    closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())))
    const reply = await channelTo({ port, tls: 'starttls' }).send(mail, delivery())
    expect(reply).toMatchObject({ is: 'busy', cause: expect.stringContaining('cert') })
  })

  test('a refused login is a matter of settings, not of the letter', async () => {
    const port = await scripted((line) =>
      line.startsWith('EHLO')
        ? '250-hi\r\n250 AUTH PLAIN'
        : line.startsWith('AUTH')
          ? '535 wrong'
          : polite(line),
    )
    const reply = await channelTo({ port, auth: { user: 'u', pass: 'p' } }).send(mail, delivery())
    expect(reply).toEqual({ is: 'busy', cause: 'smtp_eauth_535', retryAfterMs: null })
  })

  test('a name that resolves to nothing has certainly not accepted', async () => {
    const reply = await channelTo({ host: 'mail.invalid', port: 25 }).send(mail, delivery())
    expect(reply).toMatchObject({ is: 'busy', cause: expect.stringMatching(/^smtp_e/) })
  })

  test('a server slow to ask for the letter is given up before the hand-over; one slow to answer is waited for', async () => {
    const never = await scripted((line) => (line.startsWith('RCPT') ? null : polite(line)))
    expect(await channelTo({ port: never, timeouts: { envelopeMs: 500 } }).send(mail, delivery())).toEqual({
      is: 'busy',
      cause: 'smtp_timeout',
      retryAfterMs: null,
    })
    const slow = await scripted((line, socket) => {
      if (line !== '.') return polite(line)
      setTimeout(() => socket.write('250 at last\r\n'), 800)
      return null
    })
    expect(await channelTo({ port: slow, timeouts: { envelopeMs: 500 } }).send(mail, delivery())).toEqual({
      is: 'accepted',
      ref: '250 at last',
    })
  })

  test('an error of DATA without a reply is unknown whatever its name', () => {
    for (const cause of ['etimedout', 'econnection', 'esocket', 'aborted', 'timeout']) {
      expect(replyTo({ stage: 'handed_over', cause, command: 'DATA' })).toMatchObject({ is: 'unknown' })
    }
  })
})

test('the deadline is looked at again once the line stands, and the line serves the next letter', async () => {
  const server = await mailServer()
  const times = [CONFORMANCE_NOW, plusMs(CONFORMANCE_NOW, 60_000)]
  const channel = smtp(
    { host: '127.0.0.1', port: server.port, tls: 'none', timeouts: quick },
    { now: () => times.shift() ?? CONFORMANCE_NOW },
  )
  closing.push(() => channel.close())
  expect(await channel.send(mail, delivery())).toEqual({
    is: 'busy',
    cause: 'deadline_passed',
    retryAfterMs: null,
    notBegun: true,
  })
  expect(server.letters).toEqual([])
  expect(await channel.send(mail, delivery())).toMatchObject({ is: 'accepted' })
  expect(server.state.visits).toBe(1)
})

describe('nothing breaks out of a header (T16)', () => {
  const evil = ['x\r\nBcc: all@evil.example', 'x\nX: y', 'x\rY', 'x\0', 'x\u2028y']
  const places: [string, (text: string) => Partial<Mail>][] = [
    ['subject', (subject) => ({ subject })],
    ['name of the sender', (name) => ({ from: { ...mail.from, name } })],
    ['name of the recipient', (name) => ({ to: { ...mail.to, name } })],
    ['address', (text) => ({ to: { address: `${text}@couple.example` } })],
    ['answer address', (text) => ({ replyTo: { address: `a@${text}` } })],
    ['unsubscribe address', (text) => ({ unsubscribe: { url: `https://wed.example/${text}` } })],
    ['message id', (text) => ({ messageId: `<${text}@lumen.example>` })],
  ]
  test.each(places)('not by the %s', async (_, change) => {
    const server = await mailServer()
    for (const text of evil) {
      const reply = await channelTo({ port: server.port }).send({ ...mail, ...change(text) }, delivery())
      expect(reply).toMatchObject({ is: 'rejected' })
    }
    expect([server.letters, server.state.visits]).toEqual([[], 0])
  })

  test.each([
    'a@b.example, c@d.example',
    'a@b.example <c@d.example>',
    'a b@c.example',
    '"a@b.example"@c.example',
    'a@b@c.example',
    'a@b.example;c@d.example',
    'a..b@c.example',
    'a@.example',
    'a@[127.0.0.1]',
    '@c.example',
    'a@',
    '',
  ])('"%s" is not one address', async (address) => {
    const reply = await channelTo({ port: 1 }).send({ ...mail, to: { address } }, delivery())
    expect(reply).toEqual({ is: 'rejected', cause: 'address_unreadable' })
  })

  test('a sender does not pretend to be another address', async () => {
    const from = { ...mail.from, name: 'service@bank.example' }
    expect(await channelTo({ port: 1 }).send({ ...mail, from }, delivery())).toEqual({
      is: 'rejected',
      cause: 'sender_name_looks_like_address',
    })
  })
})

test('a message id is the effect key in base32, as RFC 4648 writes it', () => {
  expect(messageIdFor(Buffer.from('foobar').toString('hex'), 'x.example')).toBe('<mzxw6ytboi@x.example>')
  expect(messageIdFor('ff'.repeat(32), 'x.example')).toBe(`<${'7'.repeat(51)}q@x.example>`)
})
