"""Send the spans of answers to an OpenTelemetry collector, where the environment names one."""

import os
from importlib.metadata import version

_VARIABLES = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")


def set_up_tracing() -> None:
    """Export spans as OTEL_EXPORTER_OTLP_ENDPOINT and OpenTelemetry's other variables say (gRPC).

    Nothing is imported, and nothing sent, where none of them is set.
    """
    if not any(os.environ.get(name) for name in _VARIABLES):
        return
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    told = {"service.name": "dateline", "service.version": version("dateline")}
    provider = TracerProvider(resource=Resource.create(told))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)  # flushes at exit
