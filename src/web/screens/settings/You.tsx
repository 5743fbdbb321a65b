import { useQuery } from '@tanstack/react-query'
import { LogOut } from 'lucide-react'
import { endSession, listSessions } from '../../../contract/accounts.ts'
import { Button } from '../../../ui/Button.tsx'
import { Section } from '../../../ui/Type.tsx'
import { toast } from '../../../ui/toasts.ts'
import { Answer } from '../../Answer.tsx'
import { api, askAgain, asks } from '../../api.ts'
import { roleWord, useHere } from '../../session.ts'
import { openSignOut } from '../../shell/overlays.ts'
import { cityOf, hereZone, tellMoment } from '../../times.ts'
import { useDoing } from '../../useDoing.ts'
import { browserOf } from './browser.ts'
import { SecondFactor } from './SecondFactor.tsx'

/** The account: the same for every business one works for. */
export function You() {
  const { person, role, business } = useHere()
  return (
    <>
      <Section title="You">
        <div className="flex flex-wrap items-center justify-between gap-3 py-2">
          <p>
            <span className="font-strong">{person.name}</span>
            <span className="block text-muted-foreground">
              {person.email}, {roleWord[role].toLowerCase()} of {business}
            </span>
          </p>
          <Button icon={LogOut} onClick={openSignOut}>
            Sign out
          </Button>
        </div>
        <p className="border-t border-border py-2 text-muted-foreground">
          For a new password,{' '}
          <a href="/reset" className="font-medium text-link underline-offset-[3px] hover:underline">
            have a link mailed
          </a>
          . It signs you out everywhere else.
        </p>
      </Section>
      <SecondFactor on={person.secondFactor} />
      <Sessions />
    </>
  )
}

function Sessions() {
  const sessions = useQuery(asks(listSessions, {}))
  return (
    <Section title="Where you are signed in">
      <Answer of={sessions} lines={2}>
        {({ data }) => (
          <ul>
            {data.items.map((one) => (
              <li
                key={one.id}
                className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-border py-2.5 first:border-t-0"
              >
                <span className="min-w-0 flex-1 basis-56">
                  <span className="block truncate font-strong">
                    {browserOf(one.agent)}
                    {one.current && <span className="font-normal text-muted-foreground">, here</span>}
                  </span>
                  <span className="text-small text-muted-foreground">
                    Since <time dateTime={one.since}>{tellMoment(one.since, hereZone())}</time>, last seen{' '}
                    <time dateTime={one.seen}>{tellMoment(one.seen, hereZone())}</time> {cityOf(hereZone())}
                    {one.address && `, from ${one.address}`}
                  </span>
                </span>
                {!one.current && <End session={one.id} />}
              </li>
            ))}
          </ul>
        )}
      </Answer>
    </Section>
  )
}

function End({ session }: { readonly session: string }) {
  const { busy, act } = useDoing()
  return (
    <Button
      size="sm"
      busy={busy}
      onClick={() =>
        act(async () => {
          await api(endSession, { params: { session } })
          await askAgain(listSessions)
          toast('Signed out there')
        })
      }
    >
      Sign out there
    </Button>
  )
}
