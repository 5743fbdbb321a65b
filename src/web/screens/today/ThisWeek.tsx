import { Link } from '@tanstack/react-router'
import { StatusWord } from '../../../ui/StatusPill.tsx'
import { LINK, Section } from '../../../ui/Type.tsx'
import { capital, cityOf, firstNames, shortDay } from '../../times.ts'
import { riskWords, type TodayFigures } from './words.ts'

/** The weddings of the next seven days, and whether anything stands in their way. */
export function ThisWeek({ figures }: { readonly figures: TodayFigures }) {
  return (
    <Section
      title="Weddings this week"
      meta={
        <Link to="/weekend" className={LINK}>
          Weekend board
        </Link>
      }
    >
      {figures.weddings.length === 0 ? (
        <p className="py-3 text-muted-foreground">No wedding in the next seven days.</p>
      ) : (
        <ul>
          {figures.weddings.map((one) => (
            <li
              key={one.wedding}
              className="flex items-baseline gap-3 border-t border-border py-2 first:border-t-0"
            >
              <time dateTime={one.on} className="w-14 shrink-0 text-muted-foreground">
                {shortDay(one.on)}
              </time>
              <div className="min-w-0 flex-1">
                <p className="truncate">
                  <Link
                    to="/clients/$clientId"
                    params={{ clientId: one.client }}
                    className="rounded-xs font-strong hover:underline"
                  >
                    {firstNames(one.names)}
                  </Link>{' '}
                  {one.zone && <span className="text-small text-muted-foreground">{cityOf(one.zone)}</span>}
                </p>
                {one.risks.length > 0 && (
                  <p className="text-small text-muted-foreground">{capital(riskWords(one.risks))}</p>
                )}
              </div>
              <StatusWord of={one.risks.length > 0 ? 'risk' : 'safe'} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
