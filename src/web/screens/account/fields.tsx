import { Field } from '../../../ui/Field.tsx'
import { Input, PasswordInput } from '../../../ui/Input.tsx'
import { PASSWORD_MIN } from './outcome.ts'

/** The address one signs in with, as a keeper of passwords knows it. */
export const EmailField = ({ problem }: { readonly problem: string | undefined }) => (
  <Field label="Email" error={problem} required>
    <Input
      name="email"
      type="email"
      size="touch"
      autoComplete="username"
      autoCapitalize="off"
      spellCheck={false}
    />
  </Field>
)

export const NewPasswordField = ({
  label = 'Password',
  problem,
}: {
  readonly label?: string
  readonly problem: string | undefined
}) => (
  <Field
    label={label}
    error={problem}
    required
    hint={`${PASSWORD_MIN} characters or more. Three words are easier to keep than one odd one.`}
  >
    <PasswordInput name="password" size="touch" autoComplete="new-password" />
  </Field>
)
