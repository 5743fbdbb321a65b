import { Monitor, Moon, Sun } from 'lucide-react'
import { Segmented } from './Segmented.tsx'
import { chooseTheme, type Theme, useTheme } from './theme/theme.ts'

const ROOMS = [
  { value: 'system', label: 'System', icon: Monitor },
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
] as const

export function ThemeSwitch({ size = 'sm' }: { readonly size?: 'sm' | 'md' | 'touch' }) {
  return (
    <Segmented<Theme>
      label="Colours"
      segments={ROOMS}
      value={useTheme()}
      size={size}
      onChange={chooseTheme}
    />
  )
}
