import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { type NUMBER_NAMES, readNumbers } from '../../../contract/numbers.ts'
import { DOOR, Section } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { asks, type Seen } from '../../api.ts'
import { useHere } from '../../session.ts'

type Name = (typeof NUMBER_NAMES)[number]
type One = Seen<typeof readNumbers>['data']['numbers'][number]

/** What has come of it lately, each number beside that of the thirty days before and, where there is one, the door to its list. */
export function Numbers() {
  const { vendor } = useHere()
  const numbers = useQuery(asks(readNumbers, { params: { vendor } }))
  return (
    <Section title="The last thirty days">
      <Answer of={numbers} lines={2}>
        {({ data }) => {
          const known = new Map(data.numbers.map((one) => [one.name, one]))
          return <Figures of={(name) => known.get(name)!} />
        }}
      </Answer>
    </Section>
  )
}

function Figures({ of }: { readonly of: (name: Name) => One }) {
  const [arrived, answered, sent] = [of('journeys_arrived'), of('forms_answered'), of('messages_sent')]
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-5 pt-2 sm:grid-cols-3 lg:grid-cols-5">
      <Figure label="Couples added" note={since(of('couples_added'))}>
        <Link to="/clients" className={DOOR}>
          {whole(of('couples_added').value)}
        </Link>
      </Figure>
      <Figure label="Journeys begun" note={since(of('journeys_begun'))}>
        {whole(of('journeys_begun').value)}
      </Figure>
      <Figure
        label="Came to their end"
        note={arrived.of === 0 ? 'none has ended' : inDays(of('journey_days').value, 'on the way')}
      >
        {partly(arrived)}
      </Figure>
      <Figure label="Messages sent" note={sent.of === 0 ? since(sent) : undelivered(sent)}>
        <Link to="/messages" search={{ is: 'sent' }} className={DOOR}>
          {whole(sent.value)}
        </Link>
      </Figure>
      <Figure
        label="Forms answered"
        note={answered.of === 0 ? 'none was asked' : inDays(of('answer_days').value, 'after they were asked')}
      >
        {answered.of === 0 ? (
          '–'
        ) : (
          <Link to="/forms" className={DOOR}>
            {partly(answered)}
          </Link>
        )}
      </Figure>
    </dl>
  )
}

function Figure({
  label,
  note,
  children,
}: {
  readonly label: string
  readonly note: string
  readonly children: ReactNode
}) {
  return (
    <div className="flex min-w-0 flex-col">
      <dt className="text-small text-muted-foreground">{label}</dt>
      <dd className="font-display text-title lining-nums">{children}</dd>
      <dd className="text-small text-muted-foreground">{note}</dd>
    </div>
  )
}

const whole = (value: number | null): string => (value ?? 0).toLocaleString()
const partly = ({ value, of }: One): string => (of === 0 ? '–' : `${whole(value)} of ${whole(of)}`)

const since = ({ before }: One): string => `${whole(before)} in the thirty days before`
const undelivered = ({ value, of }: One): string =>
  value === of ? 'all were taken' : `${whole((of ?? 0) - (value ?? 0))} could not be delivered`

function inDays(days: number | null, what: string): string {
  if (days === null) return ''
  if (days < 1) return `within a day, ${what}`
  const rounded = days < 10 ? Math.round(days * 10) / 10 : Math.round(days)
  return `${rounded.toLocaleString()} ${rounded === 1 ? 'day' : 'days'} ${what}, in the mean`
}
