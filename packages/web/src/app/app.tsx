import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { queries } from './queries.ts'
import { router } from './router.tsx'
import classes from './app.module.css'
import { cssVariables, theme } from './theme.ts'

/** The server writes it into the page: styles that components make are ours by it. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? ''
// What locks the page behind a dialog makes a sheet too, and asks for the nonce under this name.
Object.assign(globalThis, { __webpack_nonce__: nonce })

export const App = () => (
  <MantineProvider
    theme={theme}
    cssVariablesResolver={cssVariables}
    defaultColorScheme="auto"
    getStyleNonce={() => nonce}
  >
    <Notifications position="bottom-right" limit={3} className={classes.notes} />
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </MantineProvider>
)
