// Finds a service in services.data.yml. Relative files like this one are bundled into every integration that requires them.

function findService(dataFiles, fits) {
  const file = dataFiles.find(({ id }) => id === 'services');
  return file?.data?.services?.find(fits);
}

const serviceOfRepository = (dataFiles, repository) =>
  findService(dataFiles, (service) => service.repository === repository);

/** AWS resources are told apart by how their names begin. */
const serviceOfResource = (dataFiles, resourceName) =>
  findService(dataFiles, ({ aws = [] }) => aws.some((beginning) => resourceName.startsWith(beginning)));

module.exports = { findService, serviceOfRepository, serviceOfResource };
