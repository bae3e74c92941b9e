import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { Notes } from './notes.tsx'
import { queries } from './queries.ts'
import { router } from './router.tsx'
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
    <Notes />
    <QueryClientProvider client={queries}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </MantineProvider>
)
