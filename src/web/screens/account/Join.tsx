import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input } from '../../../ui/Input.tsx'
import { AccountFrame } from './AccountFrame.tsx'
import { NewPasswordField } from './fields.tsx'
import { missing, type Outcome, passwordProblem, problemsOf } from './outcome.ts'
import { useSending } from './useSending.ts'

/** Accepts an invitation: as somebody new, or with the password one has. The link says to whom it was sent. */
export function Join({
  onJoin,
  signInHref,
}: {
  readonly onJoin: (person: { name: string; password: string }) => Promise<Outcome>
  readonly signInHref: string
}) {
  const { form, busy, problems, outcome, refusal, submit } = useSending(
    (values) => problemsOf(values, { name: missing('Your name'), password: passwordProblem }),
    ({ name = '', password = '' }) => onJoin({ name: name.trim(), password }),
  )
  if (outcome?.is === 'done')
    return (
      <AccountFrame
        title="You work here now"
        intro="Sign in with the address the invitation was sent to, and the password you just gave."
      >
        <Button asChild look="primary" size="touch">
          <a href={signInHref}>Sign in</a>
        </Button>
      </AccountFrame>
    )
  return (
    <AccountFrame
      title="Accept the invitation"
      intro="New here? Choose a password. If your address is known already, give the password you have."
    >
      <form ref={form} noValidate onSubmit={submit} className="grid gap-4">
        {refusal && <Banner kind="danger" live title={refusal} />}
        <Field label="Your name" error={problems.name} required hint="As those you work with know you.">
          <Input name="name" size="touch" autoComplete="name" />
        </Field>
        <NewPasswordField problem={problems.password} />
        <Button type="submit" look="primary" size="touch" busy={busy} block>
          {busy ? 'Coming in' : 'Accept'}
        </Button>
      </form>
    </AccountFrame>
  )
}

/** The address without its link: from the history, or typed. */
export function AskInvitation({ signInHref }: { readonly signInHref: string }) {
  return (
    <AccountFrame
      title="The invitation is missing its link"
      intro="Open it once more from the email. It works once, within seven days; whoever invited you can send another."
    >
      <Button asChild size="touch">
        <a href={signInHref}>Sign in</a>
      </Button>
    </AccountFrame>
  )
}
