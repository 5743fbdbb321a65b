import { useState } from 'react'
import { OpenBusiness } from './OpenBusiness.tsx'
import type { Outcome } from './outcome.ts'
import { AskReset, NewPassword } from './Reset.tsx'
import { SignIn } from './SignIn.tsx'
import { SignUp } from './SignUp.tsx'

// The one place where the screens meet the server. Until it has accounts they say so, and keep what was typed.
const notYet = async (): Promise<Outcome> => ({
  is: 'refused',
  says: 'Accounts are not connected in this build yet. Nothing was sent or kept.',
})

/** The secret of a mailed link stands after the #, so that no server log has it; it leaves the address bar at once. */
function useSecretOfLink(): string | null {
  const [secret] = useState(() => {
    const found = location.hash.slice(1)
    return /^[A-Za-z0-9_-]{20,64}$/.test(found) ? found : null
  })
  if (secret && location.hash) history.replaceState(history.state, '', location.pathname)
  return secret
}

export const SignInRoute = () => (
  <SignIn onSignIn={notYet} onSecondFactor={notYet} resetHref="/reset" signUpHref="/sign-up" />
)
export const SignUpRoute = () => <SignUp onAsk={notYet} signInHref="/sign-in" />
export const OpenRoute = () => {
  const secret = useSecretOfLink()
  return secret ? <OpenBusiness onOpen={notYet} /> : <SignUp onAsk={notYet} signInHref="/sign-in" />
}
export const ResetRoute = () => {
  const secret = useSecretOfLink()
  return secret ? (
    <NewPassword onChoose={notYet} signInHref="/sign-in" />
  ) : (
    <AskReset onAsk={notYet} signInHref="/sign-in" />
  )
}
