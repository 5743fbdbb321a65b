import { once } from 'node:events'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { messageIdFor } from '../../src/channels/email/mail.ts'
import { smtp } from '../../src/channels/email/smtp.ts'
import { instant, plusMs } from '../../src/core/time/instant.ts'
import { openBook, readBook } from './provider/book.ts'
import { type Mood, mailServer } from './provider/mail-server.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'wedsync-book-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test("the provider's book and the sender's answer agree, fault by fault", async () => {
  const file = path.join(folder, 'book')
  let mood: Mood = null
  const server = mailServer(openBook(file), () => mood).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const channel = smtp({ host: '127.0.0.1', port, tls: 'none' }, { now: () => instant(0) })
  let number = 0
  const send = async (fault: NonNullable<Mood>['fault'] | null) => {
    mood = fault && { fault, share: 1, slowMs: 20 }
    number += 1
    const key = number.toString(16).padStart(64, '0')
    const reply = await channel.send(
      {
        from: { address: 'a@x.test' },
        to: { address: 'b@y.test' },
        subject: 'Hello',
        text: 'Hello',
        html: '<p>Hello</p>',
        messageId: messageIdFor(key, 'x.test'),
      },
      { key, attempt: 1, deadline: plusMs(instant(0), 10_000), signal: AbortSignal.timeout(10_000) },
    )
    return [reply.is, readBook(file).filter((one) => one.id === messageIdFor(key, 'x.test')).length]
  }
  expect(await send(null)).toEqual(['accepted', 1])
  expect(await send('slow')).toEqual(['accepted', 1])
  expect(await send('accept_and_drop_reply')).toEqual(['unknown', 1])
  expect(await send('cut_before_accept')).toEqual(['unknown', 0])
  expect(await send('refuse_for_now')).toEqual(['busy', 0])
  expect(await send('refuse_for_good')).toEqual(['rejected', 0])
  expect(await send('cut_at_greeting')).toEqual(['busy', 0])
  // A provider that was killed in the middle of a word: the half entry counts for nothing, the next one does.
  appendFileSync(file, '{"id":"<half')
  expect(await send(null)).toEqual(['accepted', 1])
  channel.close()
  server.close()
})
