# Judges handed-in notebooks where they can do no harm: docs/lecturer.md says how.
FROM python:3.13-slim
WORKDIR /series
COPY pyproject.toml README.md lock.txt ./
COPY lecture_utils lecture_utils
COPY notebooks notebooks
COPY tools tools
RUN pip install --no-cache-dir -c lock.txt -e '.[lecture]'
# No fonts are looked for, and no settings of a home.
ENV HOME=/tmp
CMD ["python", "-m", "tools.collect", "/handed-in", "/dist/collected"]
