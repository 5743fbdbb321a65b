/** The eight voices colour has here. Colour is never the only sign: a tone comes with an icon and a word. */
export type Tone = 'primary' | 'plan' | 'rose' | 'success' | 'warning' | 'danger' | 'info' | 'held' | 'quiet'

/** Surface and text of a tinted badge, written out so that the stylesheet contains them. */
export const TINT: { readonly [tone in Tone]: string } = {
  primary: 'bg-primary-tone-surface text-primary-tone-text',
  plan: 'bg-plan-surface text-plan-text',
  rose: 'bg-rose-surface text-rose-text',
  success: 'bg-success-surface text-success-text',
  warning: 'bg-warning-surface text-warning-text',
  danger: 'bg-danger-surface text-danger-text',
  info: 'bg-info-surface text-info-text',
  held: 'bg-held-surface text-held-text',
  quiet: 'bg-muted text-muted-foreground',
}

export const TEXT: { readonly [tone in Tone]: string } = {
  primary: 'text-link',
  plan: 'text-plan-text',
  rose: 'text-rose-text',
  success: 'text-success-text',
  warning: 'text-warning-text',
  danger: 'text-danger-text',
  info: 'text-info-text',
  held: 'text-held-text',
  quiet: 'text-muted-foreground',
}

export const MARK: { readonly [tone in Tone]: string } = {
  primary: 'bg-primary',
  plan: 'bg-plan-mark',
  rose: 'bg-wedding',
  success: 'bg-success-mark',
  warning: 'bg-warning-mark',
  danger: 'bg-danger-mark',
  info: 'bg-info-mark',
  held: 'bg-held-mark',
  quiet: 'bg-muted-foreground',
}
