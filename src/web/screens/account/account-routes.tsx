import { useLocation, useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import {
  askForOpening,
  askForReset,
  giveSecondFactor,
  useInvitation as invitationOp,
  openBusiness,
  resetPassword,
  signIn,
} from '../../../contract/accounts.ts'
import { wayBack } from '../../address.ts'
import { queries, whoIsHere } from '../../api.ts'
import { AskInvitation, Join } from './Join.tsx'
import { OpenBusiness, type Opening } from './OpenBusiness.tsx'
import type { Outcome } from './outcome.ts'
import { AskReset, NewPassword } from './Reset.tsx'
import { SignIn } from './SignIn.tsx'
import { SignUp } from './SignUp.tsx'
import { tried, whoever } from './whoever.ts'

// The one place where the screens of the door meet the server.

/** The secret of a mailed link stands after the #, so that no server log has it; it leaves the address bar at once. */
function useSecretOfLink(): string | null {
  const { hash } = useLocation()
  const found = /^[A-Za-z0-9_-]{20,64}$/.test(hash) ? hash : null
  const [secret, setSecret] = useState(found)
  // Another link opened in the same tab changes what stands after the # and loads nothing.
  if (found && found !== secret) setSecret(found)
  useEffect(() => {
    if (found) history.replaceState(history.state, '', location.pathname)
  }, [found])
  return secret
}

/** In, and to where one wanted to go. What somebody else read here before is forgotten first. */
function useComingIn() {
  const { history } = useRouter()
  return async (to: string): Promise<void> => {
    queries.clear()
    await queries.fetchQuery(whoIsHere)
    history.push(to)
  }
}

async function knock(who: { email: string; password: string }): Promise<'in' | 'second_factor'> {
  const { data } = await whoever(signIn, { body: who })
  return data.is === 'signed_in' ? 'in' : 'second_factor'
}

export function SignInRoute() {
  const { back } = useSearch({ strict: false })
  const comeIn = useComingIn()
  return (
    <SignIn
      resetHref="/reset"
      signUpHref="/sign-up"
      sentAway={back !== undefined}
      onSignIn={(who) =>
        tried(async () => {
          if ((await knock(who)) === 'second_factor') return { is: 'second_factor' }
          await comeIn(wayBack(back))
          return { is: 'done' }
        })
      }
      onSecondFactor={({ code }) =>
        tried(async () => {
          // Six figures are the phone's; anything else is one of the codes that were kept.
          await whoever(giveSecondFactor, { body: { code, backup: !/^\d{6}$/.test(code) } })
          await comeIn(wayBack(back))
          return { is: 'done' }
        })
      }
    />
  )
}

const askToOpen = ({ email }: { email: string }): Promise<Outcome> =>
  tried(async () => {
    await whoever(askForOpening, { body: { email } })
    return { is: 'done' }
  })

export const SignUpRoute = () => <SignUp onAsk={askToOpen} signInHref="/sign-in" />

export function OpenRoute() {
  const link = useSecretOfLink()
  const comeIn = useComingIn()
  const navigate = useNavigate()
  if (!link) return <SignUp onAsk={askToOpen} signInHref="/sign-in" />
  const open = (opening: Opening): Promise<Outcome> =>
    tried(async () => {
      await whoever(openBusiness, { body: { link, ...opening } })
      const { email, password } = opening.person
      if ((await knock({ email, password })) === 'in') await comeIn('/begin')
      else await navigate({ to: '/sign-in' })
      return { is: 'done' }
    })
  return <OpenBusiness onOpen={open} />
}

export function ResetRoute() {
  const link = useSecretOfLink()
  return link ? (
    <NewPassword
      signInHref="/sign-in"
      onChoose={(password) =>
        tried(async () => {
          await whoever(resetPassword, { body: { link, password } })
          return { is: 'done' }
        })
      }
    />
  ) : (
    <AskReset
      signInHref="/sign-in"
      onAsk={({ email }) =>
        tried(async () => {
          await whoever(askForReset, { body: { email } })
          return { is: 'done' }
        })
      }
    />
  )
}

export function JoinRoute() {
  const link = useSecretOfLink()
  if (!link) return <AskInvitation signInHref="/sign-in" />
  return (
    <Join
      signInHref="/sign-in"
      onJoin={(person) =>
        tried(async () => {
          await whoever(invitationOp, { body: { link, person } })
          return { is: 'done' }
        })
      }
    />
  )
}
