import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input, PasswordInput } from '../../../ui/Input.tsx'
import { LINK } from '../../../ui/Type.tsx'
import { AccountFrame } from './AccountFrame.tsx'
import { EmailField } from './fields.tsx'
import { emailProblem, missing, type Outcome, problemsOf } from './outcome.ts'
import { useSending } from './useSending.ts'

/** Comes in; asks for the second factor only from those who have one. */
export function SignIn({
  onSignIn,
  onSecondFactor,
  resetHref,
  signUpHref,
  sentAway,
}: {
  readonly onSignIn: (who: { email: string; password: string }) => Promise<Outcome>
  readonly onSecondFactor: (answer: { code: string }) => Promise<Outcome>
  readonly resetHref: string
  readonly signUpHref: string
  /** They were on their way somewhere, and go there afterwards. */
  readonly sentAway: boolean
}) {
  const { form, busy, problems, outcome, refusal, submit } = useSending(
    (values) => problemsOf(values, { email: emailProblem, password: missing('Your password') }),
    ({ email = '', password = '' }) => onSignIn({ email: email.trim(), password }),
  )
  if (outcome?.is === 'second_factor') return <SecondFactor onSecondFactor={onSecondFactor} />
  return (
    <AccountFrame
      title="Sign in"
      intro={
        <>
          {sentAway && 'Sign in first; then it goes on where you wanted to go. '}
          No business here yet?{' '}
          <a href={signUpHref} className={LINK}>
            Set one up
          </a>
        </>
      }
    >
      <form ref={form} noValidate onSubmit={submit} className="grid gap-4">
        {refusal && <Banner kind="danger" live title={refusal} />}
        <EmailField problem={problems.email} />
        <Field
          label="Password"
          error={problems.password}
          required
          aside={
            <a href={resetHref} className={LINK}>
              Forgotten?
            </a>
          }
        >
          <PasswordInput name="password" size="touch" autoComplete="current-password" />
        </Field>
        <Button type="submit" look="primary" size="touch" busy={busy} block>
          {busy ? 'Signing in' : 'Sign in'}
        </Button>
      </form>
    </AccountFrame>
  )
}

function SecondFactor({
  onSecondFactor,
}: {
  readonly onSecondFactor: (answer: { code: string }) => Promise<Outcome>
}) {
  const { form, busy, problems, refusal, submit } = useSending(
    (values) =>
      problemsOf(values, {
        code: (code) =>
          code.replaceAll(/[\s-]/g, '').length < 6 ? 'Six figures, or one of your spare codes.' : null,
      }),
    ({ code = '' }) => onSecondFactor({ code: code.replaceAll(/\s/g, '') }),
  )
  return (
    <AccountFrame
      title="And the code"
      intro="From the app on your phone. No phone at hand? One of the spare codes you kept does it too."
    >
      <form ref={form} noValidate onSubmit={submit} className="grid gap-4">
        {refusal && <Banner kind="danger" live title={refusal} />}
        <Field label="Code" error={problems.code} required>
          <Input name="code" size="touch" autoFocus autoComplete="one-time-code" inputMode="numeric" />
        </Field>
        <Button type="submit" look="primary" size="touch" busy={busy} block>
          {busy ? 'Looking' : 'Go on'}
        </Button>
      </form>
    </AccountFrame>
  )
}
