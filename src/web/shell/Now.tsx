import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { readVendor } from '../../contract/vendors.ts'
import { asks } from '../api.ts'
import { useSession } from '../session.ts'
import { cityOf, hereZone, tellMoment } from '../times.ts'

const MINUTE_MS = 60_000

/** The business's own day and hour: what "today" means on every page. */
export function Now() {
  const session = useSession()
  const { data } = useQuery({
    ...asks(readVendor, { params: { vendor: session?.vendor ?? '' } }),
    enabled: session !== null,
  })
  const zone = data?.data.zone ?? hereZone()
  const [now, setNow] = useState(() => new Date().toISOString())
  useEffect(() => {
    const ticking = setInterval(() => setNow(new Date().toISOString()), MINUTE_MS / 4)
    return () => clearInterval(ticking)
  }, [])
  return (
    <time dateTime={now} className="hidden text-small whitespace-nowrap text-muted-foreground lg:inline">
      {tellMoment(now, zone).replace(/ \d{4}(?= )/, '')} {cityOf(zone)}
    </time>
  )
}
