import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../page.css';
import './account.css';
import { AccountPage } from './account-page.tsx';

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <AccountPage />
  </StrictMode>,
);
