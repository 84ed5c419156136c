import { createRoot } from 'react-dom/client';
import { Popup } from '../../settings/popup.tsx';

createRoot(document.getElementById('root')!).render(<Popup />);
