import { createBrowserRouter } from 'react-router'
import { Guard } from './guard.tsx'
import { Layout } from './layout.tsx'
import { Account, Home, Missing, Trip, Trips } from './pages.tsx'

export const router = createBrowserRouter([
  {
    element: <Layout />,
    children: [
      { index: true, element: <Home /> },
      // Everything below is for people who are signed in.
      {
        element: <Guard />,
        children: [
          { path: 'trips', element: <Trips /> },
          { path: 'trips/:id', element: <Trip /> },
          { path: 'account', element: <Account /> },
        ],
      },
      // Where the provider sends people back to; the session reads the answer, and `main.tsx` goes on from here.
      { path: 'callback', element: <output>One moment…</output> },
      { path: '*', element: <Missing /> },
    ],
  },
])
