import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { LINK } from '../../../ui/Type.tsx'
import { AccountFrame } from './AccountFrame.tsx'
import { EmailField, NewPasswordField } from './fields.tsx'
import { emailProblem, type Outcome, passwordProblem, problemsOf } from './outcome.ts'
import { useSending } from './useSending.ts'

/** Asks for the link. It says the same whether the address is known or not. */
export function AskReset({
  onAsk,
  signInHref,
}: {
  readonly onAsk: (who: { email: string }) => Promise<Outcome>
  readonly signInHref: string
}) {
  const { form, busy, problems, outcome, refusal, submit } = useSending(
    (values) => problemsOf(values, { email: emailProblem }),
    ({ email = '' }) => onAsk({ email: email.trim() }),
  )
  if (outcome?.is === 'done')
    return (
      <AccountFrame
        title="Look into your mail"
        intro="If we know this address, a link to choose a new password is on its way. It works once."
      >
        <a href={signInHref} className={LINK}>
          Back to signing in
        </a>
      </AccountFrame>
    )
  return (
    <AccountFrame
      title="A new password"
      intro="Tell us your address, and a link to choose a new one comes by mail."
    >
      <form ref={form} noValidate onSubmit={submit} className="grid gap-4">
        {refusal && <Banner kind="danger" live title={refusal} />}
        <EmailField problem={problems.email} />
        <Button type="submit" look="primary" size="touch" busy={busy} block>
          {busy ? 'Sending the link' : 'Send me the link'}
        </Button>
        <a href={signInHref} className={LINK}>
          Back to signing in
        </a>
      </form>
    </AccountFrame>
  )
}

/** Chooses it. Everywhere else one is signed out. */
export function NewPassword({
  onChoose,
  signInHref,
}: {
  readonly onChoose: (password: string) => Promise<Outcome>
  readonly signInHref: string
}) {
  const { form, busy, problems, outcome, refusal, submit } = useSending(
    (values) => problemsOf(values, { password: passwordProblem }),
    ({ password = '' }) => onChoose(password),
  )
  if (outcome?.is === 'done')
    return (
      <AccountFrame title="Your password is new" intro="You have been signed out everywhere else.">
        <Button asChild look="primary" size="touch">
          <a href={signInHref}>Sign in</a>
        </Button>
      </AccountFrame>
    )
  return (
    <AccountFrame title="Choose a new password" intro="You will be signed out everywhere else.">
      <form ref={form} noValidate onSubmit={submit} className="grid gap-4">
        {refusal && <Banner kind="danger" live title={refusal} />}
        <NewPasswordField label="New password" problem={problems.password} />
        <Button type="submit" look="primary" size="touch" busy={busy} block>
          {busy ? 'Saving' : 'Save the new password'}
        </Button>
      </form>
    </AccountFrame>
  )
}
