import { expect, test } from 'vitest'
import { CONFORMANCE_NOW, channelConformance, delivery } from '../conformance.ts'
import { type CapturedMail, capturedMailbox } from './captured.ts'
import { type Mail, messageIdFor } from './mail.ts'

const mail: Mail = {
  from: { name: 'Lumen', address: 'hello@lumen.example' },
  to: { address: 'anna@couple.example' },
  subject: 'Hello',
  text: 'Dear Anna',
  html: '<p>Dear Anna</p>',
  messageId: messageIdFor('a1'.repeat(32), 'lumen.example'),
}

channelConformance('captured mailbox', ['says_later'], async () => {
  const kept: CapturedMail[] = []
  let failing = false
  return {
    channel: capturedMailbox({
      now: () => CONFORMANCE_NOW,
      keep: async (captured) => {
        if (failing) throw new Error('the database is restarting')
        kept.push(captured)
      },
    }),
    message: mail,
    become: async (fault) => {
      failing = fault !== 'none'
    },
    taken: () => kept.map((one) => one.key),
    visits: () => kept.length,
  }
})

test('it refuses what a real provider would refuse', async () => {
  const channel = capturedMailbox({ now: () => CONFORMANCE_NOW, keep: async () => undefined })
  expect(await channel.send({ ...mail, subject: 'a\nBcc: x@y.example' }, delivery())).toEqual({
    is: 'rejected',
    cause: 'control_character_in_header',
  })
})
