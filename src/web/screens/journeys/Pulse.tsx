import { Link } from '@tanstack/react-router'
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { type journeyPulse, PULSE_WEEKS } from '../../../contract/pulse.ts'
import { Icon } from '../../../ui/Icon.tsx'
import { Sparkline } from '../../../ui/Sparkline.tsx'
import { StatusWord } from '../../../ui/StatusPill.tsx'
import { DOOR } from '../../../ui/Type.tsx'
import type { Seen } from '../../api.ts'
import type { Journey } from './Journeys.tsx'

export type Pulse = Seen<typeof journeyPulse>['data']['items'][number]

/** What is wrong on a journey, the worse first, as a door to it. */
function Trouble({ of }: { readonly of: Pulse }) {
  return (
    <span className="flex items-center gap-1.5 text-warning-text">
      <Icon of={TriangleAlert} size={14} />
      {of.stuck > 0 ? (
        <Link
          to="/journeys/$journeyId"
          params={{ journeyId: of.journey }}
          search={{ mode: 'live' }}
          className={DOOR}
        >
          {inWords(of)}
        </Link>
      ) : (
        <Link to="/messages" search={{ is: 'not_sent', journey: of.journey }} className={DOOR}>
          {inWords(of)}
        </Link>
      )}
    </span>
  )
}

const inWords = ({ stuck, undelivered }: Pulse): string =>
  stuck > 0 ? `${stuck.toLocaleString()} cannot go on` : `${undelivered.toLocaleString()} not delivered`

/** What is wrong on a journey that is active; null where all is well, or nothing known yet. */
export const troubleOf = (status: Journey['status'], pulse: Pulse | undefined): string | null =>
  pulse && status === 'active' && pulse.stuck + pulse.undelivered > 0 ? inWords(pulse) : null

/** How a journey stands; of one that is active, what is wrong on it. */
export function Health({
  status,
  pulse,
}: {
  readonly status: Journey['status']
  readonly pulse: Pulse | undefined
}) {
  if (!pulse || troubleOf(status, pulse) === null) return <StatusWord of={status} />
  return (
    <>
      <span className="sr-only">Active, </span>
      <Trouble of={pulse} />
    </>
  )
}

/** How many of those whose journey is over came to its end, and how many did lately. */
export function Arrived({
  weeks,
  ever,
  children,
}: {
  readonly weeks: readonly number[]
  readonly ever: number
  readonly children: ReactNode
}) {
  const lately = weeks.reduce((sum, week) => sum + week, 0)
  return (
    <span
      className="flex items-center justify-end gap-3"
      title={`${ever.toLocaleString()} of those whose journey is over; ${lately.toLocaleString()} in the last ${PULSE_WEEKS} weeks`}
    >
      {lately > 0 && <Sparkline values={weeks} />}
      {lately > 0 && <span className="sr-only">{`${lately} in the last ${PULSE_WEEKS} weeks, `}</span>}
      <span className="min-w-[44px]">{children}</span>
    </span>
  )
}
