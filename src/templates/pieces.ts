import { journey, type Path } from '../core/journey/builder.ts'
import type { Clip } from '../core/journey/edit/clip.ts'
import type { NewStep } from '../core/journey/edit/new-step.ts'
import { inBrand } from './in-brand.ts'
import { balance, payments } from './payments.ts'
import { askForReview, photographerAfter } from './photographer-after.ts'
import { photographerInquiry, signedAndPaid } from './photographer-inquiry.ts'
import { type Answers, FORM, letter, type Template } from './template.ts'

/**
 * What a journey is often made of: several steps that hold together, with texts that can be sent as they are. They are
 * the same steps the templates have, put where somebody wants them; a piece has no phase of its own.
 */
const seen = { alsoPast: true }

export const PIECES: readonly NewStep[] = [
  piece(
    'ask',
    'Ask, and remind once',
    'A letter that asks for a reply, a reminder, then a call',
    ['remind', 'nudge', 'follow up', 'reply', 'question', 'chase'],
    askAndRemind,
  ),
  piece(
    'form',
    'Form until answered',
    'Asked, reminded twice, then somebody calls; choose which form',
    ['questionnaire', 'remind', 'answer', 'chase'],
    formUntilAnswered,
  ),
  piece(
    'meeting',
    'Meeting until booked',
    'An invitation, a reminder, then a call to find a time',
    ['call', 'appointment', 'book', 'remind'],
    meetingUntilBooked,
  ),
  piece(
    'contract',
    'Contract and retainer',
    'Until it is signed and the retainer is there: two words, then a call',
    ['sign', 'signature', 'deposit', 'booking', 'payment'],
    (path) => signedAndPaid(unanswered(photographerInquiry), path),
  ),
  piece(
    'balance',
    'Balance with kind reminders',
    'A note two weeks ahead to the receipt; never a bill in the wedding week',
    ['payment', 'dunning', 'invoice', 'instalment', 'money', 'overdue', 'chase'],
    (path) => {
      const answers = unanswered(payments)
      const ahead = Number(answers.words('due_days')) + 14
      return balance(answers, path, { when: { before: { days: ahead }, of: 'wedding', at: '09:00' } })
    },
  ),
  piece(
    'review',
    'Review after the gallery',
    'Once the pictures are there: asked once and once more, never those who were not happy',
    ['rating', 'google', 'feedback', 'testimonial', 'stars'],
    (path) =>
      askForReview(
        unanswered(photographerAfter),
        path.wait(
          'pictures-are-there',
          { after: { days: 0 }, of: 'gallery_published', at: '12:00' },
          { late: 'send_now' },
        ),
      ),
  ),
]

function piece(
  key: string,
  label: string,
  about: string,
  words: readonly string[],
  write: (path: Path) => Path,
): NewStep {
  return { key: `piece:${key}`, label, about, group: 'Pieces', words, clip: clipOf(write) }
}

/** The steps alone: without a beginning, and with their ends open to whatever follows. */
function clipOf(write: (path: Path) => Path): Clip {
  const { nodes, edges } = write(
    journey('Piece', { category: 'general', reentry: 'never' }).on('manual'),
  ).build()
  const inside = nodes
    .filter((node) => node.kind !== 'trigger')
    .map((node) => {
      const { phase: _phase, ...rest } = node as typeof node & { phase?: string }
      return inBrand(rest as typeof node)
    })
  const ids = new Set(inside.map(({ id }) => id))
  return { nodes: inside, edges: edges.filter(({ from, to }) => ids.has(from) && ids.has(to)) }
}

/** As a vendor would have it who has answered nothing yet: no links, the ordinary words. */
function unanswered({ questions }: Template): Answers {
  return {
    has: () => false,
    form: () => null,
    words: (key) => questions.find((one) => one.key === key)?.otherwise ?? '',
  }
}

function askAndRemind(path: Path): Path {
  return path
    .email('ask', {
      ...letter(
        'A quick question',
        'There is one thing we would like to know from you before we go on.',
        'Just reply to this mail; a line is plenty.',
      ),
      class: 'relationship',
      asksForAnswer: true,
    })
    .waitFor(
      'replied',
      { event: 'reply_received' },
      '5 days at 10:00',
      {
        timeout: (p) =>
          p
            .email('ask-again', {
              ...letter(
                'Our question, once more',
                'Letters get lost between all the others, so here it is again: we asked you something a few days ago.',
                'A line is plenty. If you have answered already, thank you, and please forget this mail.',
              ),
              class: 'relationship',
              asksForAnswer: true,
              reminds: true,
            })
            .waitFor(
              'replied-later',
              { event: 'reply_received' },
              '5 days at 10:00',
              {
                timeout: (late) =>
                  late.task('call-them', 'They have not answered after ten days. Call them.', {
                    due: '2 days',
                  }),
              },
              seen,
            ),
      },
      seen,
    )
}

function formUntilAnswered(path: Path): Path {
  return path.module(
    FORM,
    'form',
    {
      form: '',
      subject: 'A few questions for the two of you',
      body: [
        'Hello {{ client.names }},',
        'So that everything is as you would like it, we have a few questions. You can stop at any time and go on later.',
        'Warmly,\n{{ vendor.name }}',
      ].join('\n\n'),
      button: 'Answer the questions',
      reminders: { everyDays: 5, times: 2 },
      answerBy: { after: { days: 14 }, at: '10:00' },
      takesLate: true,
    },
    { class: 'relationship', asksForAnswer: true },
    {
      timeout: (p) =>
        p.task('ask-by-phone', 'The form is still open after two weeks. Call them and fill it in together.', {
          due: '3 days',
        }),
    },
  )
}

function meetingUntilBooked(path: Path): Path {
  return path
    .email('invite', {
      ...letter(
        'Shall we speak?',
        'There is a good deal that is said more easily than written. Half an hour is enough.',
        'Reply with two or three times that suit you, evenings included.',
      ),
      class: 'relationship',
      asksForAnswer: true,
    })
    .waitFor(
      'meeting-booked',
      { event: 'meeting_booked' },
      '5 days at 10:00',
      {
        timeout: (p) =>
          p
            .email('invite-again', {
              ...letter(
                'A time for our call',
                'We have not found a time yet. Which day of the coming week would be easiest for you?',
              ),
              class: 'relationship',
              asksForAnswer: true,
              reminds: true,
            })
            .waitFor(
              'meeting-booked-later',
              { event: 'meeting_booked' },
              '4 days at 10:00',
              {
                timeout: (late) =>
                  late.task('find-a-time', 'No time for the call yet. Ring them.', { due: '2 days' }),
              },
              seen,
            ),
      },
      seen,
    )
}
