import { useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate, useSearch } from '@tanstack/react-router'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { readToday } from '../../contract/today.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Skeleton } from '../../ui/Waiting.tsx'
import { namingBusiness } from '../address.ts'
import { asks, type WhoIsHere, whoIsHere, wordsOf } from '../api.ts'
import { type Session, SessionContext, sessionOf } from '../session.ts'
import { NoBusiness, NotYours } from './NoBusiness.tsx'

/**
 * The door of the house: nobody comes in unknown, and whoever is sent away comes back to where they wanted to go.
 * Which business one is in stands in the address, so that two tabs never act for each other's.
 */
export function Gate({ children }: { readonly children: ReactNode }) {
  const { data, error, refetch, isFetching } = useQuery(whoIsHere)
  const session = useSessionOf(data)
  useSaidBusiness(session)
  if (data === null) return <ToTheDoor />
  if (data === undefined)
    return error ? (
      <main className="mx-auto max-w-[560px] px-5 py-16">
        <Banner
          kind="danger"
          live
          title="The server could not be asked who you are"
          action={
            <Button size="sm" busy={isFetching} onClick={() => void refetch()}>
              Try again
            </Button>
          }
        >
          {wordsOf(error)}
        </Banner>
      </main>
    ) : (
      <After ms={300}>
        <main className="mx-auto max-w-[560px] px-5 py-16">
          <Skeleton label="Looking who is here" />
        </main>
      </After>
    )
  if (!session)
    return data.memberships.length > 0 ? <NotYours {...data} /> : <NoBusiness person={data.person} />
  return <SessionContext value={session}>{children}</SessionContext>
}

/** Once, and with the way back as it was then: on the way the address is the door's already. */
function ToTheDoor() {
  const navigate = useNavigate()
  const { href } = useLocation()
  const [wanted] = useState(href)
  useEffect(() => {
    void navigate({ to: '/sign-in', search: wanted === '/' ? {} : { back: wanted }, replace: true })
  }, [navigate, wanted])
  return null
}

/** An address that names no business names theirs from now on, so that it leads to the same room wherever it is opened. */
function useSaidBusiness(session: Session | null): void {
  const { business } = useSearch({ strict: false })
  const navigate = useNavigate()
  const vendor = business === undefined ? session?.vendor : undefined
  useEffect(() => {
    if (vendor) void navigate({ ...namingBusiness(vendor) })
  }, [vendor, navigate])
}

/** For what stands on both sides of the door: the session if there is one. */
export function AtTheDoor({ children }: { readonly children: ReactNode }) {
  const { data } = useQuery(whoIsHere)
  return <SessionContext value={useSessionOf(data)}>{children}</SessionContext>
}

function useSessionOf(who: WhoIsHere | null | undefined): Session | null {
  const { business } = useSearch({ strict: false })
  const session = useMemo(() => (who ? sessionOf(who, business) : null), [who, business])
  const vendor = session?.vendor ?? ''
  const { data } = useQuery({
    ...asks(readToday, { params: { vendor } }),
    enabled: session?.may(readToday) ?? false,
  })
  const waiting = data?.data.forYou.approvals ?? 0
  return useMemo(() => session && withCounts(session, waiting), [session, waiting])
}

const withCounts = (session: Session, waiting: number): Session =>
  waiting === 0
    ? session
    : { ...session, counts: { '/approvals': { count: waiting, noun: 'wait for your yes', waits: true } } }

/** Nothing to see at first: what comes within this time needs no sign of waiting. */
export function After({ ms, children }: { readonly ms: number; readonly children: ReactNode }) {
  const [over, setOver] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), ms)
    return () => clearTimeout(timer)
  }, [ms])
  return over ? children : <span hidden aria-busy="true" />
}
