import { type Branch, journey, type Path } from '../core/journey/builder.ts'
import type { Phrase } from '../core/journey/phrase.ts'
import { booked, LEAVES_WHEN_LOST, paid, stage, WEDDING_HAS_COME, whileAhead } from './events.ts'
import { type Answers, letter, offering, type Template } from './template.ts'

const CALL = 'first_call'

/** From the first message to the retainer: a reply in minutes, and never more than one letter at a time after that. */
export const photographerInquiry: Template = {
  key: 'photographer-inquiry-to-booked',
  version: 3,
  name: 'Inquiry to booked',
  says: 'Answers within minutes, asks them to a call, follows up four times, then the proposal and the retainer.',
  trades: ['photographer'],
  questions: [
    {
      key: CALL,
      label: 'Where couples book a first call with you',
      hint: 'Your Calendly, Cal.com or other booking page. Without one the letters ask for a reply.',
      kind: 'link',
      otherwise: null,
    },
    {
      key: 'full_galleries',
      label: 'Two or three whole weddings to look at',
      hint: 'A page of your website with complete galleries.',
      kind: 'link',
      otherwise: null,
    },
    {
      key: 'investment_guide',
      label: 'Your investment guide',
      hint: 'The page or PDF with your packages and prices.',
      kind: 'link',
      otherwise: null,
    },
    {
      key: 'retainer_share',
      label: 'The retainer that keeps a date',
      hint: 'As you would say it: “30 %”, “a third”, “£500”.',
      kind: 'words',
      otherwise: 'retainer we agreed on',
    },
  ],
  write: (answers) =>
    signedAndPaid(
      answers,
      journey('Photographer: inquiry to booked', {
        category: 'inquiry',
        reentry: 'per_wedding',
        description: 'A personal reply in minutes, a call, the proposal, contract and retainer.',
        leaveOn: LEAVES_WHEN_LOST,
      })
        .on('client_added', undefined, { if: { fact: 'client.stage', is: 'equal', value: 'inquiry' } })
        .goal('is-booked', stage('booked'))
        .condition('date-taken', {
          taken: {
            if: { fact: 'client.tags', is: 'contains', value: 'date_taken' },
            go: (p) =>
              p
                .email('sorry', {
                  ...letter(
                    'Your date, and an honest answer',
                    'Thank you for writing to us. We are already photographing a wedding on your day, and we only ever take one.',
                    'We know a few photographers whose work we would trust with our own families. Reply to this mail and we will gladly ask them for you who is still free.',
                  ),
                  when: '7 minutes',
                  late: 'send_now',
                  class: 'transactional',
                  phase: 'Inquiry',
                })
                .action('not-ours', { setStage: 'lost' })
                .end('given-on'),
          },
        })
        .email('reply', {
          ...offering(
            answers,
            CALL,
            'Choose a time for a call',
            (last) =>
              letter(
                'Your wedding, and a first hello',
                'Congratulations, and thank you for thinking of us for your wedding{% if wedding.date %} on {{ wedding.date }}{% endif %}.',
                'What we would like best is to hear about it from you: who you are, where it takes place, and what you are looking forward to most. Twenty minutes are enough to find out whether we fit.',
                last,
              ),
            {
              linked: 'Choose a time that suits you, evenings included.',
              bare: 'Reply with two or three times that suit you, evenings included, and a number we can call.',
            },
          ),
          when: '7 minutes',
          late: 'send_now',
          class: 'transactional',
          asksForAnswer: true,
          phase: 'Inquiry',
        })
        .task(
          'look-at-them',
          'A new inquiry: read it, and add a personal line if something in it calls for one.',
          {
            due: '1 day',
          },
        )
        .waitFor(
          'call-1',
          booked(CALL),
          '2 days at 10:00',
          { timeout: (p) => unlessTalking(p, 1, galleries(answers)) },
          seen,
        )
        .task('proposal', 'Hold the call, then send the proposal within 48 hours. Done when it is sent.', {
          due: '4 days',
          gate: true,
        }),
    )
      .action('booked', { setStage: 'booked' })
      .action('planning-begins', { startJourney: 'photographer-booked-to-wedding' })
      .end('theirs')
      .build(),
}

const seen = { alsoPast: true }

/** Until the contract is signed and the retainer is there: two words, then a call. */
export const signedAndPaid = (answers: Answers, path: Path): Path =>
  path
    .waitFor(
      'signed-1',
      { event: 'contract_signed' },
      '3 days at 10:00',
      {
        timeout: (p) => whileAhead(p, 'contract-in-time', contractLetters, contractCall('contract-late')),
      },
      seen,
    )
    .waitFor(
      'retainer-1',
      paid('retainer'),
      '3 days at 10:00',
      {
        timeout: (p) =>
          whileAhead(p, 'retainer-in-time', retainerLetter(answers), retainerCall('retainer-late')),
      },
      seen,
    )

const contractLetters: Branch = (path) =>
  path
    .email('proposal-there', {
      ...letter(
        'Did our proposal reach you?',
        'A few days ago we sent you our proposal. Letters with attachments sometimes lose their way, so this is only to make sure that it is with you.',
        'If something in it is not what you had in mind, tell us. Almost everything can be arranged differently.',
      ),
      class: 'relationship',
      asksForAnswer: true,
      windows: { freeDay: 'later' },
      phase: 'Inquiry',
    })
    .waitFor('signed-2', { event: 'contract_signed' }, '5 days at 10:00', {
      timeout: (p) =>
        whileAhead(p, 'contract-still-in-time', contractNudge, contractCall('contract-too-late')),
    })

const contractNudge: Branch = (path) =>
  path
    .email('contract-nudge', {
      ...letter(
        'We are keeping your date',
        'Your contract is still open, and your date is still yours: we have not offered it to anybody else.',
        'Is there a question in the way? Reply to this mail, or ask us to call you. A no is fine as well; then we know.',
      ),
      class: 'relationship',
      asksForAnswer: true,
      windows: { freeDay: 'later' },
      phase: 'Inquiry',
    })
    .waitFor('signed-3', { event: 'contract_signed' }, '3 days at 10:00', {
      timeout: (late) =>
        late.task('contract-call', 'The contract is still open after eleven days. Call them.', {
          due: '2 days',
          gate: true,
        }),
    })

const contractCall =
  (id: string): Branch =>
  (path) =>
    path.task(id, 'Their wedding day is here, and the contract was never signed. Call them.', {
      due: '2 days',
      gate: true,
    })

const retainerLetter =
  (answers: Answers): Branch =>
  (path) =>
    path
      .email('retainer-nudge', {
        ...letter(
          'The last small step',
          `Your contract is with us, thank you. With the ${answers.words('retainer_share')} as a retainer the date is entirely yours; the details stand in your contract.`,
          'If it is on its way already, please forget this note.',
        ),
        class: 'transactional',
        windows: { freeDay: 'later' },
        phase: 'Inquiry',
      })
      .waitFor('retainer-2', paid('retainer'), '4 days at 10:00', {
        timeout: (late) =>
          late.task(
            'retainer-call',
            'Signed, but the retainer is missing after a week. Call them before you release the date.',
            { due: '2 days', gate: true, role: 'owner' },
          ),
      })

const retainerCall =
  (id: string): Branch =>
  (path) =>
    path.task(id, 'Their wedding day is here, and the retainer is still open. Call them.', {
      due: '2 days',
      gate: true,
      role: 'owner',
    })

/**
 * Whoever was moved to another stage by hand is in conversation: the next letter would only disturb. Whose wedding has
 * come is no longer looking for anybody.
 */
function unlessTalking(path: Path, step: number, next: Branch): Path {
  return path.condition(
    `still-silent-${step}`,
    {
      talking: { if: { fact: 'client.stage', is: 'not_equal', value: 'inquiry' } },
      over: {
        if: WEDDING_HAS_COME,
        go: (p) => p.action(`over-${step}`, { setStage: 'lost' }).end(`wedding-over-${step}`),
      },
    },
    next,
  )
}

const waitAgain = (path: Path, step: number, until: Phrase, next: Branch): Path =>
  path.waitFor(`call-${step}`, booked(CALL), until, { timeout: (p) => unlessTalking(p, step, next) })

const galleries =
  (answers: Answers) =>
  (path: Path): Path =>
    waitAgain(
      path.email('galleries', {
        ...offering(
          answers,
          'full_galleries',
          'See whole weddings',
          (last) =>
            letter(
              'A whole wedding, from the first button to the last dance',
              'A handful of good pictures proves little: every photographer has a handful. What you get in the end is a whole day.',
              last,
            ),
          {
            linked: 'So here are some of ours, complete, with the rain and the speeches in them.',
            bare: 'If you would like to see one of ours complete, with the rain and the speeches in it, say so, and we will send you a wedding like yours.',
          },
        ),
        class: 'relationship',
        windows: { freeDay: 'later' },
        phase: 'Inquiry',
      }),
      2,
      '2 days at 10:00',
      guide(answers),
    )

const guide =
  (answers: Answers) =>
  (path: Path): Path =>
    waitAgain(
      path.email('guide', {
        ...offering(
          answers,
          'investment_guide',
          'See packages and prices',
          (last) =>
            letter(
              'What it costs, and what is in it',
              'We like to speak about money early and plainly, so that nobody falls in love with something they cannot have.',
              last,
            ),
          {
            linked:
              'Our guide has every package with its price, what is always included, and what we would leave out if it were our wedding.',
            bare: 'Tell us how many hours you have in mind, and we will answer with a clear figure and what is included in it.',
          },
        ),
        class: 'relationship',
        windows: { freeDay: 'later' },
        phase: 'Inquiry',
      }),
      3,
      '3 days at 10:00',
      question,
    )

const question = (path: Path): Path =>
  waitAgain(
    path.email('question', {
      ...letter(
        'One question only',
        'What is the one moment of your day that must not be missing from the pictures?',
        'Answer in a line, if you like. It tells us more about your wedding than any form.',
      ),
      class: 'relationship',
      asksForAnswer: true,
      windows: { freeDay: 'later' },
      phase: 'Inquiry',
    }),
    4,
    '7 days at 10:00',
    closing,
  )

const closing = (path: Path): Path =>
  waitAgain(
    path.email('closing', {
      ...letter(
        'Shall we close your file?',
        'We have not heard from you, and that usually means one of two things: you have found somebody, which we are glad of, or life has been full.',
        'If it is the second, one word is enough and we keep your date in mind a little longer. If it is the first, have a wonderful wedding.',
      ),
      class: 'relationship',
      asksForAnswer: true,
      windows: { freeDay: 'later' },
      phase: 'Inquiry',
    }),
    5,
    '7 days at 10:00',
    (p) => p.action('lost', { setStage: 'lost' }).end('no-answer'),
  )
