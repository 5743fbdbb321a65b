import { expect, test } from 'vitest'
import * as mails from '../../../../test/fixtures/returned-mails.ts'
import { answerText, textOfHtml } from './answer-text.ts'
import { complainedAddresses, meaningOf } from './meaning.ts'
import { readMail } from './read-mail.ts'

const TO = `${'a2'.repeat(32)}@returns.lumen.example`
const read = async (mail: string) => {
  const found = await readMail(Buffer.from(mails.addressed(mail, TO)))
  if (found === null) throw new Error('it is a mail')
  return found
}
const meant = async (mail: string, sender: string | null = null) => meaningOf(await read(mail), sender)

test.each([
  ['Postfix, a mailbox nobody has', mails.POSTFIX_UNKNOWN, 'mailbox_unknown', '5.1.1', true],
  ['Exchange, the same', mails.EXCHANGE_NOT_FOUND, 'mailbox_unknown', '5.1.10', true],
  ['Microsoft 365 at its edge', mails.MICROSOFT_EDGE, 'mailbox_unknown', '5.4.1', true],
  ['Gmail', mails.GMAIL_UNKNOWN, 'mailbox_unknown', '5.1.1', true],
  ['Exim in words of its own, without a number', mails.EXIM_IN_WORDS, 'mailbox_unknown', null, true],
  ['qmail', mails.QMAIL, 'mailbox_unknown', '5.1.1', true],
  ['a full mailbox is no dead one', mails.MAILBOX_FULL, 'mailbox_full', '5.2.2', false],
  ['a refusal of us says nothing about the address', mails.MICROSOFT_POLICY, 'refused', '5.7.1', false],
  ['given up after days of trying', mails.POSTFIX_GAVE_UP, 'not_reached', '4.4.1', false],
])('it came back: %s', async (_, mail, why, status, dead) => {
  expect(await meant(mail)).toMatchObject({ is: 'returned', why, status, dead })
})

test('what the mail server said is kept in one line', async () => {
  expect(await meant(mails.POSTFIX_UNKNOWN)).toMatchObject({
    words: {
      said: '550 5.1.1 <anna@example.org>: Recipient address rejected: User unknown in virtual mailbox table',
    },
  })
})

test.each([
  ['554', '554 delivery error: dd This user doesn’t have a yahoo.com account', 'other', false],
  [
    '554',
    "554 delivery error: dd This user doesn't have a yahoo.com account (anna@yahoo.com) [0]",
    'mailbox_unknown',
    true,
  ],
  ['5.0.0', '550 5.1.1 unknown', 'mailbox_unknown', true],
  ['5.1.2', '5.1.2 bad destination', 'domain_unknown', true],
  [
    '5.4.4',
    'Host or domain name not found. Name service error for name=exmaple.org type=MX',
    'domain_unknown',
    true,
  ],
  ['5.2.1', '550-5.2.1 The email account that you tried to reach is disabled', 'mailbox_closed', true],
  [
    '5.2.1',
    '550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents',
    'refused',
    false,
  ],
  ['5.1.1', '550 5.1.1 rejected: sender is on a blocklist', 'refused', false],
  ['5.3.4', '552 5.3.4 Message size exceeds fixed limit', 'too_large', false],
  ['5.7.606', 'Access denied, banned sending IP', 'refused', false],
  ['5.5.0', '550 something else', 'other', false],
])('status %s, "%s" is %s', async (status, said, why, dead) => {
  const mail = mails.POSTFIX_UNKNOWN.replace('Status: 5.1.1', `Status: ${status}`).replace(
    /Diagnostic-Code: .*\r\n.*\r\n/,
    `Diagnostic-Code: smtp; ${said}\r\n`,
  )
  expect(await meant(mail)).toMatchObject({ is: 'returned', why, dead })
})

test('still under way, or arrived: neither came back', async () => {
  expect(await meant(mails.POSTFIX_DELAYED)).toMatchObject({ is: 'delayed', status: '4.4.1' })
  expect(await meant(mails.EXIM_WARNING)).toMatchObject({ is: 'delayed' })
  expect(await meant(mails.POSTFIX_ARRIVED)).toEqual({ is: 'nothing', because: 'arrived' })
  expect(await meant(mails.RECEIPT)).toEqual({ is: 'nothing', because: 'receipt' })
})

test('a complaint, and about which letter it is', async () => {
  expect(await meant(mails.YAHOO_COMPLAINT)).toEqual({ is: 'complaint', kind: 'abuse' })
  expect(complainedAddresses(await read(mails.YAHOO_COMPLAINT))).toContain(TO)
  const fine = mails.YAHOO_COMPLAINT.replace('Feedback-Type: abuse', 'Feedback-Type: not-spam')
  expect(await meant(fine)).toEqual({ is: 'nothing', because: 'not_a_complaint' })
  expect(complainedAddresses(await read(mails.GMAIL_ANSWER))).toEqual([])
})

test.each([
  ['Exchange', mails.EXCHANGE_AWAY, 'away'],
  ['Gmail', mails.GMAIL_AWAY, 'away'],
  ['vacation(1)', mails.UNIX_VACATION, 'away'],
  ['a subject and nothing else', mails.SUBJECT_ALONE, 'away'],
  ['a challenge', mails.CHALLENGE, 'other'],
])('a machine answered, nobody did: %s', async (_, mail, kind) => {
  expect(await meant(mail)).toMatchObject({ is: 'automatic', kind })
})

test('what comes with no sender on its envelope was written by a machine', async () => {
  expect(await meant(mails.GMAIL_ANSWER, '')).toMatchObject({ is: 'automatic' })
})

test.each([
  ['Gmail', mails.GMAIL_ANSWER, 'We would rather start at four.\n\nIs that possible?\nAnna'],
  ['a heading over two lines', mails.BROKEN_HEADING_ANSWER, 'Lovely, thank you!'],
  ['an iPhone in German', mails.APPLE_ANSWER, 'Ja, gern.'],
  ['Outlook', mails.OUTLOOK_ANSWER, 'Four is better for us.\n\nAnna'],
  ['below the quote', mails.BELOW_THE_QUOTE, 'Four and eight, please.'],
  ['HTML alone', mails.HTML_ANSWER, 'Four o’clock & not later.'],
])('an answer without the letter it answers: %s', async (_, mail, text) => {
  expect(await meant(mail)).toMatchObject({ is: 'answer', from: 'anna@example.org', words: { text } })
})

test('what could be theirs is never cut: between the lines, and what only looks like a quote', async () => {
  expect(await meant(mails.BETWEEN_THE_LINES)).toMatchObject({
    words: { text: expect.stringMatching(/See below[\s\S]*Four, please\.[\s\S]*Yes\./) },
  })
  expect(await meant(mails.NOT_A_QUOTE)).toMatchObject({
    words: { text: expect.stringMatching(/Millers[\s\S]*the church we walk/) },
  })
})

test('nothing written and nothing attached is nothing; a photo alone is an answer', async () => {
  expect(await meant(mails.GMAIL_ANSWER.replace(/\r\n\r\n[\s\S]*/, '\r\n\r\n'))).toEqual({
    is: 'nothing',
    because: 'empty',
  })
})

test('hostile text takes no time: megabytes of marks, brackets and signs', async () => {
  const begun = performance.now()
  for (const piece of ['<', '<!--', '<style>', '&', '> ', '@', 'On a ', 'mailbox ', '\n\n', 'a@'])
    for (const read of [answerText, textOfHtml]) read(piece.repeat(1_000_000 / piece.length))
  expect(performance.now() - begun).toBeLessThan(5_000)
})

test('what is no mail is none', async () => {
  expect(await readMail(Buffer.from([0, 1, 2, 255]))).toBeNull()
  expect(await readMail(Buffer.alloc(0))).toBeNull()
})
