export { findServer as find, freePort, makeCertificate } from '@fingerpost/platform/testing';
