import { type Branch, journey, type Path, type When } from '../core/journey/builder.ts'
import { LEAVES_IN_DISPUTE, paid } from './events.ts'
import { type Answers, letter, offering, type Template } from './template.ts'

const BALANCE = paid('balance')
const seen = { alsoPast: true }

/** One instalment, from the friendly note to the receipt: firm only late, and never in the days of the wedding. */
export const payments: Template = {
  key: 'payments-and-dunning',
  version: 2,
  name: 'Payments, gently',
  says: 'A note two weeks ahead, a word on the day, kind reminders after it, and never a bill in the wedding week.',
  trades: [],
  questions: [
    {
      key: 'pay_balance',
      label: 'Where couples pay',
      hint: 'A payment page. Without one they are pointed to the invoice they have.',
      kind: 'link',
      otherwise: null,
    },
    {
      key: 'due_days',
      label: 'Days before the wedding the balance is due',
      hint: 'For couples without a due date of their own.',
      kind: 'number',
      otherwise: '30',
    },
    {
      key: 'payment_help',
      label: 'Whom couples ask about payments',
      hint: 'A name, or a name and a number.',
      kind: 'words',
      otherwise: 'us',
    },
  ],
  write: (answers) => {
    const from = beforeDue(answers)
    return balance(
      answers,
      journey('Payments: the balance', {
        category: 'payments',
        reentry: 'per_wedding',
        description: 'The balance, from a quiet note two weeks ahead to the receipt.',
        leaveOn: LEAVES_IN_DISPUTE,
      }).on('date', { when: from(14, '09:00') }),
    )
      .end('settled')
      .build()
  },
}

/** So many days before the balance is due. */
const beforeDue = (answers: Answers) => {
  const due = Number(answers.words('due_days'))
  return (days: number, at: `${number}:${number}`) =>
    ({ before: { days: due + days }, of: 'wedding', at }) as const
}

/** From the quiet note to the receipt; the note goes at once, or at a moment of its own. */
export function balance(answers: Answers, path: Path, note: { readonly when?: When } = {}): Path {
  const due = Number(answers.words('due_days'))
  const from = beforeDue(answers)
  return path
    .email('soon', {
      ...howToPay(
        answers,
        'In two weeks: the balance',
        [
          'A quiet note ahead of time: the balance for your wedding is due in two weeks. The sum stands in your invoice.',
        ],
        {
          linked:
            'All the ways of paying it are here. If you have paid already, thank you; this note then crossed your payment.',
          bare: `All the ways of paying it stand there as well. Is something unclear? Ask ${answers.words('payment_help')}.`,
        },
      ),
      ...note,
      late: 'send_now',
      class: 'transactional',
      phase: 'Payments',
    })
    .waitFor(
      'paid-before',
      BALANCE,
      from(3, '10:00'),
      {
        timeout: (p) =>
          p
            .email('three-days', {
              ...howToPay(
                answers,
                'Three days until the balance',
                [
                  'So that it does not get lost between seating plans and shoes: the balance is due in three days.',
                ],
                { linked: 'It takes two minutes.', bare: 'The bank details are on your invoice.' },
              ),
              late: 'skip',
              class: 'transactional',
              phase: 'Payments',
            })
            .waitFor('paid-on-time', BALANCE, from(0, '09:00'), { timeout: onTheDay(answers, due) }, seen),
      },
      seen,
    )
    .email('receipt', {
      ...letter(
        'Thank you: paid in full',
        'Your balance has arrived, and there is nothing left to pay. The receipt follows with our next letter, or at once if you ask for it.',
      ),
      when: '10 minutes',
      late: 'send_now',
      class: 'transactional',
      phase: 'Payments',
    })
}

const howToPay = (
  answers: Answers,
  subject: string,
  paragraphs: readonly string[],
  last: { readonly linked: string; readonly bare: string },
) => offering(answers, 'pay_balance', 'Pay the balance', (end) => letter(subject, ...paragraphs, end), last)

const onTheDay =
  (answers: Answers, due: number): Branch =>
  (p) =>
    p
      .email('today', {
        ...howToPay(
          answers,
          'The balance is due today',
          ['Today is the day. Afterwards this is off your list as well.'],
          { linked: 'It takes two minutes.', bare: 'Please transfer it as your invoice says.' },
        ),
        late: 'skip',
        class: 'transactional',
        phase: 'Payments',
      })
      .waitFor('paid-soon-after', BALANCE, '2 days at 10:00', { timeout: overdue(answers, due) }, seen)

const overdue =
  (answers: Answers, due: number): Branch =>
  (p) =>
    p
      .condition('near-the-wedding', {
        yes: {
          if: { daysUntil: 'wedding', is: 'at_most', value: 3 },
          go: (near) =>
            near
              .task(
                'settle-later',
                'The balance is open, but the wedding is now. Do not write to them; settle it afterwards.',
                { role: 'owner', due: '3 days after wedding' },
              )
              .end('left-in-peace'),
        },
      })
      .email('overdue', {
        ...howToPay(
          answers,
          'Has it slipped through?',
          ['We have not seen the balance yet. If it is on its way already, please forget this mail.'],
          {
            linked: 'If something is difficult, tell us. We will find a way.',
            bare: `If something is difficult, tell ${answers.words('payment_help')}. We will find a way.`,
          },
        ),
        class: 'transactional',
        windows: { businessDay: 'later' },
        phase: 'Payments',
      })
      .waitFor(
        'paid-after-reminder',
        BALANCE,
        '6 days at 10:00',
        {
          timeout: (late) =>
            late
              .task('call', 'The balance is eight days overdue. Call, kindly, and note what you agree on.', {
                due: '2 days',
              })
              .waitFor('paid-after-call', BALANCE, '2 days at 10:00', { timeout: firm(answers, due) }, seen),
        },
        seen,
      )

const firm =
  (answers: Answers, due: number): Branch =>
  (p) =>
    p
      .condition('still-time', {
        no: {
          if: { daysUntil: 'wedding', is: 'at_most', value: 7 },
          go: decide('decide-now'),
        },
      })
      .email('firm', {
        ...howToPay(
          answers,
          'The balance, and how we go on',
          [
            'The balance has been open for more than ten days. Please pay it this week, or call us today so that we can agree on another way.',
          ],
          {
            linked: 'We would like to think of your wedding only, and so would you.',
            bare: 'The bank details are on your invoice. We would like to think of your wedding only, and so would you.',
          },
        ),
        class: 'transactional',
        windows: { businessDay: 'later' },
        approval: { by: 'owner', timeout: '3 days' },
        phase: 'Payments',
      })
      .waitFor(
        'paid-at-last',
        BALANCE,
        {
          before: { days: Math.max(1, Math.min(14, due - 11)) },
          of: 'wedding',
          at: '09:00',
        },
        { timeout: decide('decide') },
        seen,
      )

const decide =
  (id: string): Branch =>
  (p) =>
    p
      .task(id, 'Unpaid shortly before the wedding: decide how you go on, and tell them in person.', {
        role: 'owner',
        due: '1 day',
      })
      .end(`${id}-in-person`)
