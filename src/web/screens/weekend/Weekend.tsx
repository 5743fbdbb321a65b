import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { readToday } from '../../../contract/work.ts'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { StatusPill } from '../../../ui/StatusPill.tsx'
import { Diamond } from '../../../ui/Thread.tsx'
import { Card, Eyebrow, Lede, LINK, Zone } from '../../../ui/Type.tsx'
import { Answer } from '../../Answer.tsx'
import { asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { capital, cityOf, firstNames, inWords, shortDay } from '../../times.ts'
import { riskWords, type TodayFigures } from '../today/words.ts'

type Wedding = TodayFigures['weddings'][number]
const WEEKEND = new Set([5, 6, 0])
const isOnWeekend = ({ on }: Wedding): boolean => WEEKEND.has(new Date(`${on}T12:00:00Z`).getUTCDay())

/** The weddings from Friday to Sunday, each on its place card: whether anything stands in its way. */
export function Weekend() {
  const { vendor } = useHere()
  const today = useQuery(asks(readToday, { params: { vendor } }))
  const weddings = today.data?.data.weddings.filter(isOnWeekend)
  return (
    <>
      <Eyebrow>Weekend</Eyebrow>
      <Lede>{weddings ? says(weddings) : 'The weddings of this weekend.'}</Lede>
      <div className="mt-5">
        <Answer of={today} lines={4}>
          {({ data }) => {
            const all = data.weddings.filter(isOnWeekend)
            const others = data.weddings.length - all.length
            return all.length === 0 ? (
              <div className="max-w-[860px]">
                <EmptyState
                  title="A weekend without a wedding"
                  action={
                    <Button asChild>
                      <Link to="/clients">Your couples</Link>
                    </Button>
                  }
                >
                  {others > 0
                    ? `${capital(inWords(others))} ${others === 1 ? 'wedding is' : 'weddings are'} on another day of this week; Today shows ${others === 1 ? 'it' : 'them'}.`
                    : 'From Friday to Sunday each wedding has its place card here: whether all is well, and what stands in its way.'}
                </EmptyState>
              </div>
            ) : (
              <ul className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
                {all.map((one) => (
                  <li key={one.wedding}>
                    <PlaceCard of={one} />
                  </li>
                ))}
              </ul>
            )
          }}
        </Answer>
        <p className="mt-6 max-w-[62ch] text-small text-muted-foreground">
          Deadlines of critical messages, the call list and a run sheet to print will stand here too. Until
          then each couple’s own page tells everything that goes out around their day.
        </p>
      </div>
    </>
  )
}

function says(weddings: readonly Wedding[]) {
  const count = weddings.length
  if (count === 0) return 'No wedding from Friday to Sunday.'
  const risky = weddings.filter(({ risks }) => risks.length > 0).length
  const many = `${capital(inWords(count))} ${count === 1 ? 'wedding' : 'weddings'} from Friday to Sunday`
  if (risky === 0) return `${many}, and nothing stands in ${count === 1 ? 'its' : 'their'} way.`
  return (
    <>
      {many};{' '}
      <b>
        {risky === count && count === 1
          ? 'it needs a look'
          : `${inWords(risky)} ${risky === 1 ? 'needs' : 'need'} a look`}
      </b>
      .
    </>
  )
}

const PlaceCard = ({ of }: { readonly of: Wedding }) => (
  <Card>
    <p className="flex items-center gap-2 text-muted-foreground">
      <Diamond small />
      <time dateTime={of.on}>{shortDay(of.on)}</time>
      {of.zone && <Zone>{cityOf(of.zone)}</Zone>}
      <span className="ml-auto">
        <StatusPill of={of.risks.length > 0 ? 'risk' : 'safe'} />
      </span>
    </p>
    <h2 className="mt-2 font-display text-h2">
      <Link
        to="/clients/$clientId"
        params={{ clientId: of.client }}
        className="rounded-xs underline-offset-4 hover:underline"
      >
        {firstNames(of.names)}
      </Link>
    </h2>
    <p className="mt-1 text-muted-foreground">
      {of.risks.length > 0 ? capital(riskWords(of.risks)) : 'Nothing stands in the way.'}
    </p>
    <p className="mt-3 flex flex-wrap gap-x-4 gap-y-2">
      <Link
        to="/clients/$clientId"
        params={{ clientId: of.client }}
        search={{ show: 'to_come' }}
        className={LINK}
      >
        What is to come
      </Link>
      {of.risks.length > 0 && (
        <Link
          to="/clients/$clientId"
          params={{ clientId: of.client }}
          search={{ show: 'needs_you' }}
          className={LINK}
        >
          What needs you
        </Link>
      )}
    </p>
  </Card>
)
