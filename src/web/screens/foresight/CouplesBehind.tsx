import { Link } from '@tanstack/react-router'
import { LINK, Zone } from '../../../ui/Type.tsx'
import { cityOf, hereZone } from '../../times.ts'
import { tellWhen } from './steps.ts'

/** As many as the server names at once. */
export const LISTED_MAX = 200

/** Those a number counts, each with the way to their own page. */
export function CouplesBehind({
  items,
  waits,
  count,
}: {
  readonly items: readonly {
    readonly run: string
    readonly client: string
    readonly names: string
    readonly at: string | null
  }[]
  readonly waits: boolean
  /** How many there are; the list ends before, where they are very many. */
  readonly count: number
}) {
  const zone = hereZone()
  if (items.length === 0) return <p className="text-muted-foreground">Nobody any more.</p>
  return (
    <>
      <ul>
        {items.map((one) => (
          <li key={one.run} className="flex flex-wrap gap-x-3 border-t border-border py-2 first:border-t-0">
            <Link
              to="/clients/$clientId"
              params={{ clientId: one.client }}
              className={`${LINK} inline-flex min-h-6 flex-1 items-center`}
            >
              {one.names}
            </Link>
            <span className="text-small text-muted-foreground">
              {one.at ? (
                <>
                  {waits && 'until '}
                  {tellWhen(one.at, zone)} <Zone>{cityOf(zone)}</Zone>
                </>
              ) : (
                'without a moment'
              )}
            </span>
          </li>
        ))}
      </ul>
      {items.length === LISTED_MAX && count > LISTED_MAX && (
        <p className="border-t border-border py-2 text-small text-muted-foreground">
          {waits
            ? `${LISTED_MAX} of the ${count.toLocaleString()} who wait here; what is pressed above is meant for all of them.`
            : `The last ${LISTED_MAX} of ${count.toLocaleString()}; fewer days show the ones before.`}
        </p>
      )}
    </>
  )
}
